const day = String.raw`(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}\1\d{1,2})`;
const clock = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const time = new RegExp(`^(?:${day} ?)?${clock}$`);
const date = new RegExp(`^${day}(?: ?${clock})?$`);

const length = (value: string): number => [...value].length;
const span = (value: string, pattern: RegExp): boolean => {
  const ends = value.split('~');
  return ends.length <= 2 && ends.every((end) => pattern.test(end.trim()));
};

const rules = new Map<string, (value: string) => boolean>(
  Object.entries({
    thing: (value: string) => length(value) <= 20,
    number: (value: string) => /^-?\d+(\.\d+)?$/.test(value) && value.replace(/\D/g, '').length <= 32,
    letter: (value: string) => /^[A-Za-z]{1,32}$/.test(value),
    symbol: (value: string) => /^[^\p{L}\p{N}\s]{1,5}$/u.test(value),
    character_string: (value: string) => /^[\x20-\x7e]{1,32}$/.test(value),
    time: (value: string) => span(value, time),
    date: (value: string) => span(value, date),
    amount: (value: string) => /^[¥￥$€£₩]?\d{1,10}(\.\d+)?元?$/.test(value),
    phone_number: (value: string) => /^[^\p{L}]{1,17}$/u.test(value),
    car_number: (value: string) =>
      /^[\p{Script=Han}A-Za-z0-9]([A-Za-z0-9·]{0,6}[\p{Script=Han}A-Za-z0-9])?$/u.test(value),
    name: (value: string) => /^[^\p{N}]+$/u.test(value) && length(value) <= (/\p{Script=Han}/u.test(value) ? 10 : 20),
    phrase: (value: string) => /^\p{Script=Han}{1,5}$/u.test(value),
    enum: () => true,
  }),
);

/**
 * What is wrong with the value of a template's keyword, as `subscribe/send` words it, or undefined. The rule goes by
 * the alphabetic prefix of the name (`thing1`, `character_string02`); lengths are in characters.
 */
export function valueFault(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return `data.${name}.value is empty`;
  const rule = rules.get(/^([a-z_]+?)\d{1,2}$/.exec(name)?.[1] ?? '');
  // No keyword takes a line break or another control character.
  const sound = typeof value === 'string' && !/\p{Cc}/u.test(value) && rule?.(value);
  return sound ? undefined : `data.${name}.value invalid`;
}
