import { DomainEvent } from '@hark/kernel';
import { FoldProjection } from '@hark/readmodel';
import { frozen } from './frozen';
import { GivenStream, recordedIn } from './given-stream';

/** The sentence of a projection's spec: `given(stream(id, event, …)).thenRows(row, …)`. */
export interface ProjectionSpec<Row extends object, E extends DomainEvent> {
  /** What the log has, in this order; a stream may be named again, as often as its events lie between others. */
  given(...streams: GivenStream<E>[]): {
    /** Exactly so many rows, in the order in which they came; of each these columns. */
    thenRows(...rows: Partial<Row>[]): void;
  };
}

/**
 * Given and then for a projection, without a store. Every outcome also checks what each projection promises: that it reads
 * the streams given, keeps its rows under the keys it names, changes nothing that it was given, makes rows of plain JSON,
 * and makes the same ones when it is built anew; and that a `replacing` type asks for no row.
 */
export function projectionSpec<Row extends object, E extends DomainEvent>(
  projection: FoldProjection<Row, E>,
): ProjectionSpec<Row, E> {
  const rowsAfter = (streams: readonly GivenStream<E>[]): Row[] => {
    const rows = new Map<string, Row>();
    for (const recorded of recordedIn(streams)) {
      const { emptiedBy } = projection;
      if (emptiedBy && recorded.event.type === emptiedBy.type) {
        for (const [key, row] of rows) if (row[emptiedBy.column] === recorded.id) rows.delete(key);
        continue;
      }
      expect(projection.categories).toContain(recorded.category);
      if (!(projection.types?.includes(recorded.event.type) ?? true)) continue;
      const key = projection.keyOf(recorded);
      if (!key) continue;
      expect(Object.keys(key).sort()).toEqual([...projection.key].sort());
      const before = rows.get(JSON.stringify(key));
      const row = projection.evolve(before, { ...recorded, event: frozen(recorded.event) });
      if (projection.replacing?.includes(recorded.event.type))
        expect(projection.evolve(undefined, recorded)).toEqual(row);
      if (row) expect(row).toMatchObject(key);
      if (row) rows.set(JSON.stringify(key), frozen(row));
      else rows.delete(JSON.stringify(key));
    }
    return [...rows.values()];
  };
  return {
    given: (...streams) => ({
      thenRows(...expected) {
        const rows = rowsAfter(streams);
        expect(rows).toMatchObject(expected);
        expect(JSON.parse(JSON.stringify(rows))).toStrictEqual(rows);
        expect(rowsAfter(streams)).toEqual(rows);
      },
    }),
  };
}
