// Characters that readers take for a Latin letter, one entry per letter. Latin characters that Unicode decomposes
// (full-width, mathematical, circled, accented) need no entry. Case matters: Greek Η is an H, η an n.
const lookalikes: Readonly<Record<string, string>> = {
  a: 'аΑαɑᴀ',
  b: 'вВЬьΒβɓʙƄ',
  c: 'сСϲᴄⲥ',
  d: 'ԁɗᴅ',
  e: 'еЕёЁΕεєᴇɛ℮',
  f: 'ƒϝꜰ',
  g: 'ɡցԍɢ',
  h: 'нНһΗʜհ',
  i: 'іІїЇΙιıɩɪӏӀا',
  j: 'јЈϳᴊ',
  k: 'кКΚκᴋ',
  l: 'ʟǀ∣ⅼłŁ',
  m: 'мМΜᴍ',
  n: 'ΝηпиИɴո',
  o: 'оОΟοσօᴏøØ',
  p: 'рРΡρᴘ',
  q: 'ԛգ',
  r: 'гГʀᴦг',
  s: 'ѕЅꜱƽ',
  t: 'тТΤτᴛ',
  u: 'υսᴜцЦ',
  v: 'νѵᴠ',
  w: 'ԝωшШᴡѡ',
  x: 'хХΧχ',
  y: 'уУΥүγʏ',
  z: 'Ζᴢʐ',
};

/** The Latin letter that a reader takes the character for. */
export const latinLookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries(lookalikes).flatMap(([letter, characters]) => [...characters].map((one) => [one, letter] as const)),
);

/** The letters that digits and signs stand for inside words such as `v1agra` or `p0rn`. */
export const leetLetters: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'l'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['8', 'b'],
  ['9', 'g'],
  ['@', 'a'],
  ['$', 's'],
  ['!', 'l'],
  ['|', 'l'],
  ['€', 'e'],
  ['+', 't'],
]);
