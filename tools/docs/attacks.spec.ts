import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../docs/attacks.md'), 'utf8');
const rows = new Map(
  Array.from(page.matchAll(/^\| ([AC]\d+) \|.*\| (.+) \|$/gm), ([, number, test]) => [number!, test!]),
);
const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

describe('the table of attacks', () => {
  it('has every one of them, once', () => {
    expect([...rows.keys()]).toEqual([...numbers('A', 18), ...numbers('C', 12)]);
  });

  it('names a test for each, or says that it is not built yet or which row holds for it', () => {
    const unproved = [...rows].filter(([, test]) => !/spec\.ts`|^authorisation|^not built yet: |^as A\d/.test(test));
    expect(unproved).toEqual([]);
  });
});

describe('the table of faults', () => {
  const faults = readFileSync(join(__dirname, '../../docs/faults.md'), 'utf8');
  const played = Array.from(faults.matchAll(/^\| (F\d+) \|.*\| (.+) \|$/gm), ([, number, test]) => [number!, test!]);
  const between = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, at) => `F${first + at}`);

  it('has every one of pushes in time and of providers, and some of the stores, once, with a test for each', () => {
    expect(played.map(([number]) => number)).toEqual([...between(8, 16), 'F23', 'F24', 'F29', ...between(36, 42)]);
    expect(played.filter(([, test]) => !/spec\.ts`/.test(test!))).toEqual([]);
  });
});

describe('the table of cases that outsiders met', () => {
  const cases = readFileSync(join(__dirname, '../../docs/cases.md'), 'utf8');
  const kept = Array.from(cases.matchAll(/^\| ([LRUTHOSX]\d+) \|.*\| (.+) \|$/gm), ([, number, test]) => [
    number!,
    test!,
  ]);
  const counts = { L: 10, R: 4, U: 5, T: 8, H: 10, O: 6, S: 18, X: 8 };

  it('has every one of them, once, with a test for each', () => {
    expect(kept.map(([number]) => number)).toEqual(
      Object.entries(counts).flatMap(([kind, count]) => numbers(kind, count)),
    );
    expect(kept.filter(([, test]) => !/spec\.ts`/.test(test!))).toEqual([]);
  });
});
