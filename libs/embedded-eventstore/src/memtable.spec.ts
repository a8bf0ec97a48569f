import * as fc from 'fast-check';
import { type IndexEntry, Memtable } from './memtable';
import { tombstoneRevision } from './table-reads';

const everything = Number.MAX_SAFE_INTEGER;

/** Entries of a few streams in the order of a log: revisions of a stream follow each other, positions ascend. */
const entriesOf = (streams: readonly number[], first: number): IndexEntry[] => {
  const next = new Map<number, number>();
  return streams.map((stream, n) => {
    const revision = next.get(stream) ?? first;
    next.set(stream, revision + 1);
    return { stream, revision, position: 10 + 3 * n };
  });
};
const log = fc.tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }), fc.integer({ min: 0, max: 9 }));
const filled = (entries: readonly IndexEntry[]): Memtable => {
  const memtable = new Memtable();
  for (const entry of entries) memtable.add(entry);
  return memtable;
};

it('finds what a plain search of the entries finds', () => {
  const asked = fc.record({
    stream: fc.integer({ min: 1, max: 5 }),
    from: fc.integer({ min: 0, max: 30 }),
    upTo: fc.integer({ min: 0, max: 140 }),
    limit: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(log, asked, ([streams, first], { stream, from, upTo, limit }) => {
      const entries = entriesOf(streams, first);
      const memtable = filled(entries);
      const ofStream = entries.filter((entry) => entry.stream === stream);
      const seen = ofStream.filter(({ position }) => position <= upTo);
      const up = seen.filter(({ revision }) => revision >= from).slice(0, limit);
      const down = seen.filter(({ revision }) => revision <= from).reverse();
      expect(memtable.upwards(stream, from, upTo, limit)).toEqual(up);
      expect(memtable.downwards(stream, from, upTo, limit)).toEqual(down.slice(0, limit));
      expect(memtable.at(stream, from)).toEqual(ofStream.find(({ revision }) => revision === from));
    }),
  );
});

it('is what it was when it is cut back, and lists its entries in the order of the index', () => {
  fc.assert(
    fc.property(log, fc.nat(40), ([streams, first], size) => {
      const entries = entriesOf(streams, first);
      const memtable = filled(entries);
      memtable.cutTo(Math.min(size, entries.length));
      const kept = entries.slice(0, size);
      expect(memtable).toEqual(filled(kept));
      expect([memtable.size, memtable.streams]).toEqual([kept.length, new Set(kept.map(({ stream }) => stream)).size]);
      const sorted = kept.toSorted((a, b) => a.stream - b.stream || a.revision - b.revision);
      expect(memtable.inIndexOrder()).toEqual(sorted);
      memtable.clear();
      expect(memtable).toEqual(new Memtable());
    }),
  );
});

it('keeps nothing of an event but where it stands', () => {
  const event = { stream: 1, revision: 0, position: 10, data: Buffer.alloc(1_000) };
  expect(filled([event]).inIndexOrder()).toEqual([{ stream: 1, revision: 0, position: 10 }]);
});

it('holds a tombstone at the end of its stream', () => {
  const entries = [
    { stream: 1, revision: 4, position: 10 },
    { stream: 1, revision: tombstoneRevision, position: 11 },
  ];
  const memtable = filled(entries);
  expect(memtable.downwards(1, tombstoneRevision, everything, 2)).toEqual(entries.toReversed());
  expect(memtable.downwards(1, 4, everything, 2)).toEqual(entries.slice(0, 1));
  expect(memtable.upwards(1, 5, everything, 9)).toEqual(entries.slice(1));
});
