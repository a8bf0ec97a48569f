// Made from confusables.txt of Unicode 13.0.0 (UTS #39; © Unicode, Inc., Unicode License v3) by way of the data of
// unhomoglyph 1.0.6 (MIT): single letters and digits that NFKC leaves as they are and whose prototype, without marks and
// capitals, is one to three Latin letters or a digit. What is left out folds to nothing that a Latin name is made of.
const lookalikesOf: Readonly<Record<string, string>> = {
  '2': '\u{1a7}\u{1bb}\u{3e8}\u{14bf}\u{a644}\u{a6ef}\u{a75a}',
  '3': '\u{1b7}\u{21c}\u{417}\u{498}\u{4e0}\u{2ccc}\u{a76a}\u{a7ab}\u{118ca}\u{16f3b}',
  '4': '\u{13ce}\u{118af}',
  '5': '\u{1bc}\u{118bb}',
  '6': '\u{431}\u{13ee}\u{2cd2}\u{118d5}',
  '7': '\u{104d2}\u{118c6}',
  '8': '\u{222}\u{223}\u{9ea}\u{a6a}\u{1031a}\u{1e8cb}',
  '9': '\u{9ed}\u{a67}\u{b68}\u{d6d}\u{2cca}\u{a76e}\u{118ac}\u{118cc}\u{118d6}',
  a: '\u{251}\u{391}\u{3b1}\u{410}\u{430}\u{13aa}\u{15c5}\u{a4ee}\u{102a0}\u{16f40}',
  aa: '\u{a732}\u{a733}',
  ae: '\u{c6}\u{e6}\u{4d4}\u{4d5}',
  ao: '\u{a734}\u{a735}',
  au: '\u{a736}\u{a737}',
  av: '\u{a738}\u{a739}\u{a73a}\u{a73b}',
  ay: '\u{a73c}\u{a73d}',
  b: '\u{180}\u{182}\u{183}\u{184}\u{253}\u{392}\u{411}\u{412}\u{42c}\u{462}\u{463}\u{48c}\u{48d}\u{13cf}\u{13f4}\u{1472}\u{1473}\u{15af}\u{15f7}\u{a4d0}\u{a7b4}\u{10282}\u{102a1}\u{10301}',
  bl: '\u{42b}',
  c: '\u{23c}\u{421}\u{441}\u{4aa}\u{4ab}\u{13df}\u{1d04}\u{2ca4}\u{2ca5}\u{a4da}\u{abaf}\u{102a2}\u{10302}\u{10415}\u{1043d}\u{1051c}\u{118e9}\u{118f2}',
  d: '\u{d0}\u{110}\u{111}\u{189}\u{18c}\u{256}\u{257}\u{501}\u{13a0}\u{13e7}\u{146f}\u{15de}\u{15ea}\u{a4d2}\u{a4d3}',
  dz: '\u{2a3}',
  e: '\u{246}\u{247}\u{395}\u{415}\u{435}\u{4bd}\u{4bf}\u{13ac}\u{2d39}\u{a4f0}\u{ab32}\u{10286}\u{118a6}\u{118ae}',
  f: '\u{191}\u{192}\u{3dc}\u{584}\u{15b4}\u{1d6e}\u{1e9d}\u{a4dd}\u{a798}\u{a799}\u{ab35}\u{10287}\u{102a5}\u{10525}\u{118a2}\u{118c2}',
  g: '\u{18d}\u{1e4}\u{1e5}\u{260}\u{261}\u{50c}\u{581}\u{13c0}\u{13f3}\u{1d83}\u{a4d6}',
  h: '\u{126}\u{127}\u{266}\u{397}\u{41d}\u{45b}\u{4a2}\u{4bb}\u{4c7}\u{4c9}\u{570}\u{13bb}\u{13c2}\u{13f2}\u{157c}\u{2c67}\u{2c8e}\u{a4e7}\u{a695}\u{102cf}',
  i: '\u{131}\u{268}\u{269}\u{26a}\u{3b9}\u{456}\u{4cf}\u{13a5}\u{1d7b}\u{1d7c}\u{a647}\u{ab75}\u{118c3}',
  j: '\u{248}\u{249}\u{37f}\u{3f3}\u{408}\u{458}\u{13ab}\u{148d}\u{a4d9}\u{a7b2}',
  k: '\u{199}\u{39a}\u{41a}\u{49a}\u{49e}\u{13e6}\u{16d5}\u{2c69}\u{2c94}\u{a4d7}\u{a740}\u{10518}',
  l: '\u{141}\u{142}\u{196}\u{197}\u{19a}\u{1c0}\u{26b}\u{26d}\u{399}\u{406}\u{4c0}\u{5d5}\u{5df}\u{625}\u{627}\u{661}\u{673}\u{6f1}\u{7ca}\u{13de}\u{14aa}\u{16c1}\u{2c92}\u{2cd0}\u{2d4f}\u{a4e1}\u{a4f2}\u{1028a}\u{10309}\u{10320}\u{1041b}\u{10526}\u{118a3}\u{118b2}\u{16f16}\u{16f28}\u{1e8c7}',
  ll: '\u{1c1}\u{5f0}',
  lo: '\u{42e}',
  ls: '\u{2aa}',
  lz: '\u{2ab}',
  m: '\u{39c}\u{3fa}\u{41c}\u{4cd}\u{13b7}\u{15f0}\u{16d6}\u{2c98}\u{a4df}\u{102b0}\u{10311}',
  n: '\u{19d}\u{19e}\u{273}\u{39d}\u{3b7}\u{578}\u{57c}\u{1d70}\u{2c9a}\u{a4e0}\u{10513}',
  o: '\u{d8}\u{f8}\u{19f}\u{1fe}\u{275}\u{398}\u{39f}\u{3b8}\u{3bf}\u{3c3}\u{41e}\u{43e}\u{472}\u{473}\u{4e8}\u{4e9}\u{555}\u{585}\u{5e1}\u{647}\u{665}\u{6be}\u{6c1}\u{6d5}\u{6f5}\u{6ff}\u{7c0}\u{966}\u{9e6}\u{a66}\u{ae6}\u{b20}\u{b66}\u{be6}\u{c66}\u{ce6}\u{d20}\u{d66}\u{e50}\u{ed0}\u{1010}\u{101d}\u{1040}\u{10ff}\u{12d0}\u{13be}\u{13eb}\u{1d0f}\u{1d11}\u{2c9e}\u{2c9f}\u{2d31}\u{2d41}\u{2d54}\u{3007}\u{a4f3}\u{a74a}\u{a74b}\u{ab3d}\u{ab3e}\u{ab74}\u{ab8e}\u{abbb}\u{10292}\u{102ab}\u{10404}\u{1042c}\u{104c2}\u{104ea}\u{10516}\u{114d0}\u{118b5}\u{118c8}\u{118d7}\u{118e0}',
  oe: '\u{152}\u{153}',
  oo: '\u{a698}\u{a699}\u{a74e}\u{a74f}',
  p: '\u{1a5}\u{3a1}\u{3c1}\u{420}\u{440}\u{13e2}\u{146d}\u{1d7d}\u{2ca2}\u{2ca3}\u{a4d1}\u{10295}',
  q: '\u{2a0}\u{51b}\u{563}\u{566}\u{2d55}',
  r: '\u{1a6}\u{24d}\u{27c}\u{27d}\u{433}\u{493}\u{13a1}\u{13d2}\u{1587}\u{1d26}\u{1d72}\u{2c85}\u{a4e3}\u{ab47}\u{ab48}\u{ab81}\u{104b4}\u{16f35}',
  rn: '\u{271}\u{1d6f}\u{11700}\u{118e3}',
  s: '\u{1bd}\u{282}\u{405}\u{455}\u{54f}\u{13d5}\u{13da}\u{1d74}\u{a4e2}\u{a731}\u{abaa}\u{10296}\u{10420}\u{10448}\u{118c1}\u{16f3a}',
  t: '\u{166}\u{167}\u{1ad}\u{1ae}\u{23e}\u{3a4}\u{422}\u{4ac}\u{13a2}\u{1d75}\u{2ca6}\u{a4d4}\u{10297}\u{102b1}\u{10315}\u{118bc}\u{16f0a}',
  t3: '\u{a728}',
  tf: '\u{a777}',
  ts: '\u{2a6}',
  u: '\u{244}\u{28b}\u{3c5}\u{54d}\u{57d}\u{1200}\u{13cc}\u{144c}\u{1d1c}\u{1d7e}\u{a4f4}\u{a79f}\u{ab4e}\u{ab52}\u{ab9c}\u{104ce}\u{104f6}\u{118b8}\u{118d8}\u{16f42}',
  ue: '\u{1d6b}',
  uo: '\u{ab63}',
  v: '\u{3bd}\u{474}\u{475}\u{5d8}\u{667}\u{6f7}\u{13d9}\u{142f}\u{1d20}\u{2d38}\u{a4e6}\u{a6df}\u{aba9}\u{1051d}\u{11706}\u{118a0}\u{118c0}\u{16f08}',
  w: '\u{26f}\u{461}\u{47d}\u{51c}\u{51d}\u{561}\u{13b3}\u{13d4}\u{1d21}\u{a4ea}\u{a761}\u{ab83}\u{114c5}\u{1170a}\u{1170e}\u{1170f}\u{118e6}\u{118ef}',
  x: '\u{3a7}\u{425}\u{445}\u{4b2}\u{1541}\u{157d}\u{16b7}\u{2cac}\u{2d5d}\u{a4eb}\u{a7b3}\u{10290}\u{102b4}\u{10317}\u{10322}\u{10527}\u{118ec}',
  y: '\u{1b4}\u{24e}\u{24f}\u{263}\u{28f}\u{3a5}\u{3b3}\u{423}\u{443}\u{4ae}\u{4af}\u{4b0}\u{4b1}\u{10e7}\u{13a9}\u{13bd}\u{1d8c}\u{1eff}\u{2ca8}\u{a4ec}\u{ab5a}\u{102b2}\u{118a4}\u{118dc}\u{16f43}',
  z: '\u{1b5}\u{1b6}\u{224}\u{225}\u{290}\u{396}\u{13c3}\u{1d22}\u{1d76}\u{a4dc}\u{ab93}\u{102f5}\u{118a9}\u{118c4}\u{118e5}',
};

const latin = /\p{Script=Latin}/u;
const listed = Object.entries(lookalikesOf).flatMap(([seen, letters]) =>
  [...letters].map((letter) => [letter, seen] as const),
);
/** A Latin letter with a hook or a bar is taken for the same letter in both cases; the table has one of them only. */
const otherCases = listed
  .filter(([letter]) => latin.test(letter))
  .flatMap(([letter, seen]) => [letter.toLowerCase(), letter.toUpperCase()].map((other) => [other, seen] as const))
  .filter(([other]) => [...other].length === 1 && other > '\u007f');

/** Letters and digits of any script by what they are taken for, in lower-case Latin. Capitals stand for themselves. */
export const confusables: ReadonlyMap<string, string> = new Map([...otherCases, ...listed]);
