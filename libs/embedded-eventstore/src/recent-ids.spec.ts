import { randomBytes } from 'node:crypto';
import { RecentIds } from './recent-ids';

/** A generation, as `recent-ids.ts` has it. */
const generation = 262_144;
/** Many random ids at once: one call each would take longer than what is tested. */
function* randomIds(count: number): Iterable<Uint8Array> {
  const bytes = randomBytes(16 * count);
  for (let at = 0; at < bytes.length; at += 16) yield bytes.subarray(at, at + 16);
}
const find = (ids: RecentIds, stream: number, id: Uint8Array): number[] => [...ids.candidates(stream, id)];

it('knows where an id of a stream was first written', () => {
  const ids = new RecentIds();
  const known = Array.from({ length: 1_000 }, () => randomBytes(16));
  known.forEach((id, n) => ids.add(n % 3, id, n + 1));
  known.forEach((id, n) => ids.add(n % 3, id, n + 5_001));
  known.forEach((id, n) => expect(find(ids, n % 3, id)[0]).toBe(n + 1));
  expect(find(ids, 7, known[0]!)).toEqual([]);
  expect(find(ids, 0, randomBytes(16))).toEqual([]);
});

it('tells ids apart that only count upwards', () => {
  const ids = new RecentIds();
  const counted = (n: number): Buffer => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(n, 12);
    return id;
  };
  for (let n = 0; n < 20_000; n += 1) ids.add(1, counted(n), n + 1);
  for (let n = 0; n < 20_000; n += 100) expect(find(ids, 1, counted(n))).toEqual([n + 1]);
});

it('keeps at least one generation and at most two, oldest first', () => {
  const ids = new RecentIds();
  const first = randomBytes(16);
  ids.add(1, first, 1);
  let position = 1;
  for (const id of randomIds(generation - 1)) ids.add(1, id, (position += 1));
  const second = randomBytes(16);
  ids.add(1, second, generation + 1);
  ids.add(1, first, generation + 2);
  expect(find(ids, 1, first)).toEqual([1, generation + 2]);
  position += 2;
  for (const id of randomIds(generation - 1)) ids.add(1, id, (position += 1));
  expect(find(ids, 1, second)).toEqual([generation + 1]);
  expect(find(ids, 1, first)).toEqual([generation + 2]);
});

it('takes the same id any number of times at the price of a few', () => {
  const ids = new RecentIds();
  const id = randomBytes(16);
  for (let n = 1; n <= 300_000; n += 1) ids.add(1, id, n);
  expect(find(ids, 1, id)).toEqual([1, 2, 3, 4]);
});
