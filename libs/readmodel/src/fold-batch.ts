import type { RecordedEvent } from '@hark/eventstore';
import { AnyProjection, reads } from './projection';

/** An event together with the row it touches. */
export interface AffectedRow {
  readonly recorded: RecordedEvent;
  readonly key: object;
  /** The key as text: equal for equal keys. */
  readonly keyText: string;
}

/** An event that deletes all rows in which `column` is `value`. */
export interface Emptying {
  readonly column: string;
  readonly value: string;
}

/** The changes of a batch to a table. */
export interface TableChange {
  /** To be deleted before anything else: all rows in which the column has the value. */
  readonly emptied: readonly Emptying[];
  readonly upserts: readonly object[];
  /** The keys of the rows to delete. */
  readonly deletes: readonly object[];
}

/** The events that touch rows of the projection, in order. */
export function affectedRows(projection: AnyProjection, events: readonly RecordedEvent[]): (AffectedRow | Emptying)[] {
  const touched: (AffectedRow | Emptying)[] = [];
  for (const recorded of events) {
    if (!reads(projection, recorded.category, recorded.event.type)) continue;
    if (recorded.event.type === projection.emptiedBy?.type) {
      touched.push({ column: projection.emptiedBy.column, value: recorded.id });
      continue;
    }
    const key = projection.keyOf(recorded);
    if (key) touched.push({ recorded, key, keyText: keyText(key, projection.key) });
  }
  return touched;
}

/** Whether it deletes rows by a column. */
export const isEmptying = (touched: AffectedRow | Emptying): touched is Emptying => 'column' in touched;

/** The key columns of a row or key as text. */
export const keyText = (row: object, key: readonly string[]): string =>
  JSON.stringify(key.map((column) => (row as Record<string, unknown>)[column]));

/**
 * Folds the events onto the rows that exist, by key text. The rows of `unseen` keys were not looked up: nothing is known of
 * what was there, and they are written or deleted in any case.
 */
export function foldBatch(
  projection: AnyProjection,
  touched: readonly (AffectedRow | Emptying)[],
  before: ReadonlyMap<string, object>,
  unseen: ReadonlySet<string> = new Set(),
): TableChange {
  const after = new Map<string, { key: object; row: object | undefined }>();
  const keys = new Map(touched.flatMap((each) => (isEmptying(each) ? [] : [[each.keyText, each.key]])));
  for (const each of touched) {
    if (isEmptying(each)) {
      const is = (row: object | undefined) =>
        (row as Record<string, unknown> | undefined)?.[each.column] === each.value;
      for (const [text, key] of keys) {
        if (is(after.has(text) ? after.get(text)!.row : before.get(text))) after.set(text, { key, row: undefined });
      }
      continue;
    }
    const { recorded, key, keyText } = each;
    const known = after.get(keyText);
    const row = projection.evolve(known ? known.row : before.get(keyText), recorded);
    after.set(keyText, { key, row });
  }
  const upserts: object[] = [];
  const deletes: object[] = [];
  for (const [text, { key, row }] of after) {
    if (row === before.get(text) && !unseen.has(text)) continue;
    if (row) upserts.push(row);
    else deletes.push(key);
  }
  return { emptied: touched.filter(isEmptying), upserts, deletes };
}
