import { ruleSets } from './rules';

/** Every phrase that the rules forbid. */
export const bannedPhrases: readonly string[] = ruleSets.flatMap(({ words, domains = [] }) => [...words, ...domains]);

/** A way to write a text so that a person still reads it; null where it has nothing to change. */
export interface Mutation {
  readonly name: string;
  apply(text: string, seed: number): string | null;
}

const isHan = (character: string) => /\p{Script=Han}/u.test(character);
const isLetter = (character: string) => /[a-z]/i.test(character);

/** Pseudo-random from 0 to 1 for a place in a text: the same seed, the same disguise. */
const chance = (seed: number, place: number) => (Math.imul(seed * 31 + place + 7, 2_654_435_761) >>> 8) / 2 ** 24;

const each = (change: (character: string, index: number, seed: number) => string) => (text: string, seed: number) => {
  const changed = [...text].map((character, index) => change(character, index, seed)).join('');
  return changed === text ? null : changed;
};
const some = (change: (character: string) => string) =>
  each((character, index, seed) => (seed === 0 || chance(seed, index) < 0.6 ? change(character) : character));
const between = (what: string) =>
  each((character, index, seed) =>
    index > 0 && (seed === 0 || chance(seed, index) < 0.6) ? what + character : character,
  );
const letters = (change: (letter: string, code: number) => string) =>
  some((character) =>
    isLetter(character) ? change(character, character.toLowerCase().charCodeAt(0) - 97) : character,
  );
const from = (table: Readonly<Record<string, string>>) => some((character) => table[character] ?? character);

// Written out here, not taken from the tables under test.
const homoglyphs = { a: 'а', c: 'с', e: 'е', h: 'һ', i: 'і', j: 'ј', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у' };
const greek = { a: 'α', e: 'ε', i: 'ι', k: 'κ', n: 'η', o: 'ο', p: 'ρ', t: 'τ', u: 'υ', v: 'ν', x: 'χ', y: 'γ' };
const accents = { a: 'á', e: 'ê', i: 'ï', o: 'ö', u: 'ū', n: 'ñ', c: 'ç', s: 'š', y: 'ý', z: 'ž' };
const leet = { a: '4', e: '3', i: '1', l: '1', o: '0', s: '5', t: '7' };
const traditional = {
  发: '發',
  开: '開',
  卖: '賣',
  买: '買',
  药: '藥',
  赌: '賭',
  场: '場',
  办: '辦',
  证: '證',
  钱: '錢',
  单: '單',
  枪: '槍',
  门: '門',
  马: '馬',
  网: '網',
  号: '號',
  贷: '貸',
  论: '論',
  减: '減',
  无: '無',
};
const split = {
  枪: '木仓',
  赌: '贝者',
  博: '十尃',
  奸: '女干',
  嫖: '女票',
  诈: '讠乍',
  代: '亻弋',
  炸: '火乍',
  弹: '弓单',
  洗: '氵先',
  钱: '钅戋',
  销: '钅肖',
  证: '讠正',
  信: '亻言',
  贷: '代贝',
  狗: '犭句',
  娘: '女良',
  妈: '女马',
  假: '亻叚',
  法: '氵去',
  骗: '马扁',
  打: '扌丁',
};
const japanese = {
  发: '発',
  开: '開',
  卖: '売',
  药: '薬',
  钱: '銭',
  证: '証',
  单: '単',
  国: '国',
  弹: '弾',
  办: '辦',
  网: '網',
  论: '論',
  视: '視',
  频: '頻',
  团: '団',
  资: '資',
  产: '産',
  费: '費',
  对: '対',
  关: '関',
  号: '号',
};
const utf8Escapes = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const toned = {
  代: 'dài',
  开: 'kāi',
  发: 'fā',
  票: 'piào',
  出: 'chū',
  售: 'shòu',
  信: 'xìn',
  用: 'yòng',
  卡: 'kǎ',
  套: 'tào',
  现: 'xiàn',
  银: 'yín',
  行: 'háng',
  办: 'bàn',
  理: 'lǐ',
  假: 'jiǎ',
  证: 'zhèng',
  刷: 'shuā',
  单: 'dān',
  视: 'shì',
  频: 'pín',
  论: 'lùn',
  文: 'wén',
  写: 'xiě',
  网: 'wǎng',
  络: 'luò',
  赌: 'dǔ',
  博: 'bó',
  枪: 'qiāng',
  支: 'zhī',
  服: 'fú',
  务: 'wù',
  考: 'kǎo',
  试: 'shì',
  包: 'bāo',
  过: 'guò',
  弹: 'dàn',
  药: 'yào',
  毒: 'dú',
  迷: 'mí',
};
const plainOf = (syllable: string) => syllable.normalize('NFD').replace(/\p{Mn}/gu, '');
const isPinyinTelling = (text: string) => [...text].filter(isHan).length === [...text].length && text.length >= 4;
const inPinyin =
  (spell: (syllable: string) => string): Mutation['apply'] =>
  (text, seed) =>
    isPinyinTelling(text)
      ? some((character) => (character in toned ? spell(toned[character as keyof typeof toned]) : character))(
          text,
          seed,
        )
      : null;
const codePoints = (first: number) => letters((_, code) => String.fromCodePoint(first + code));

/** Spelling first, then what is put between characters, then what turns the whole round, then how it is encoded. */
export const mutations: readonly Mutation[] = [
  { name: 'traditional characters', apply: from(traditional) },
  { name: 'Japanese characters', apply: from(japanese) },
  { name: 'split characters', apply: from(split) },
  { name: 'pinyin', apply: inPinyin(plainOf) },
  { name: 'pinyin in words of its own', apply: inPinyin((syllable) => ` ${plainOf(syllable)} `) },
  { name: 'pinyin with tones', apply: inPinyin((syllable) => syllable) },
  { name: 'pinyin with tone numbers', apply: inPinyin((syllable) => `${plainOf(syllable)}4`) },
  { name: 'digits for letters', apply: (text, seed) => (/^[a-z ]+$/.test(text) ? from(leet)(text, seed) : null) },
  { name: 'capital letters', apply: letters((letter) => letter.toUpperCase()) },
  { name: 'accented letters', apply: from(accents) },
  { name: 'Cyrillic letters', apply: from(homoglyphs) },
  { name: 'Greek letters', apply: from(greek) },
  { name: 'full-width letters', apply: codePoints(0xff41) },
  { name: 'bold letters', apply: codePoints(0x1d41a) },
  { name: 'double-struck letters', apply: codePoints(0x1d552) },
  { name: 'circled letters', apply: codePoints(0x24d0) },
  { name: 'squared letters', apply: codePoints(0x1f170) },
  { name: 'regional indicators', apply: codePoints(0x1f1e6) },
  {
    name: 'overlaid strokes',
    apply: some((character) => (isHan(character) || isLetter(character) ? `${character}\u0336` : character)),
  },
  {
    name: 'piled marks',
    apply: some((character) => (isLetter(character) ? character + '\u0301\u0316'.repeat(20) : character)),
  },
  { name: 'enclosing circles', apply: some((character) => (isHan(character) ? `${character}\u20dd` : character)) },
  { name: 'zero-width spaces', apply: between('\u200b') },
  { name: 'zero-width joiners', apply: between('\u200d\u2060\ufeff') },
  { name: 'soft hyphens', apply: between('\u00ad') },
  { name: 'tag characters', apply: between('\u{e0041}\u{e007f}') },
  { name: 'variation selectors', apply: between('\ufe0f\u{e0101}') },
  { name: 'bidirectional controls', apply: between('\u2067\u200f\u2069') },
  { name: 'Hangul fillers', apply: between('\u3164') },
  { name: 'spaces', apply: between(' ') },
  { name: 'wide spaces', apply: between('\u3000\u2003') },
  { name: 'dots', apply: between('.') },
  { name: 'stars and lines', apply: between('*_-~') },
  { name: 'Chinese punctuation', apply: between('，、') },
  { name: 'line feeds', apply: between('\n') },
  { name: 'emoji', apply: between('🔥') },
  {
    name: 'letters between Chinese characters',
    apply: (text) =>
      [...text].filter(isHan).length === [...text].length && text.length > 3
        ? [...text].map((character, index) => (index > 0 ? `${'abcde'[index % 5]}${character}` : character)).join('')
        : null,
  },
  {
    name: 'spelled-out dots',
    apply: (text, seed) => (/\.com$/.test(text) ? text.replace('.', ['(dot)', '[.]', ' dot ', '点'][seed % 4]!) : null),
  },
  { name: 'a reversed writing direction', apply: (text) => `\u202e${[...text].reverse().join('')}\u202c` },
  {
    name: 'tags inside',
    apply: (text) => `${[...text][0]}<b class="x">${[...text].slice(1).join('')}</b>`,
  },
  { name: 'percent-encoding', apply: (text) => `100%zz ${utf8Escapes(text)}` },
  { name: 'percent-encoding with a broken byte', apply: (text) => `%ff${utf8Escapes(text)}%e4` },
  { name: 'character references', apply: (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join('') },
  {
    name: 'escapes of JSON',
    apply: (text) => text.replace(/\p{Script=Han}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  },
  { name: 'an encoded word', apply: (text) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=` },
  {
    name: 'quoted encoded words, split inside a character',
    apply: (text) => {
      const quoted = [...Buffer.from(text)].map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`);
      return `=?utf-8?Q?${quoted.slice(0, 4).join('')}?= =?utf-8?q?${quoted.slice(4).join('')}?=`;
    },
  },
];
