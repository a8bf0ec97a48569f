import type { RecordedEvent } from '@hark/eventstore';
import { AnyProjection, reads } from './projection';

/** An event together with the row it touches. */
export interface AffectedRow {
  readonly recorded: RecordedEvent;
  readonly key: object;
  /** The key as text: equal for equal keys. */
  readonly keyText: string;
}

/** The changes of a batch to a table. */
export interface TableChange {
  readonly upserts: readonly object[];
  /** The keys of the rows to delete. */
  readonly deletes: readonly object[];
}

/** The events that touch a row of the projection, in order. */
export function affectedRows(projection: AnyProjection, events: readonly RecordedEvent[]): AffectedRow[] {
  const touched: AffectedRow[] = [];
  for (const recorded of events) {
    if (!reads(projection, recorded.category, recorded.event.type)) continue;
    const key = projection.keyOf(recorded);
    if (key) touched.push({ recorded, key, keyText: keyText(key, projection.key) });
  }
  return touched;
}

/** The key columns of a row or key as text. */
export const keyText = (row: object, key: readonly string[]): string =>
  JSON.stringify(key.map((column) => (row as Record<string, unknown>)[column]));

/**
 * Folds the events onto the rows that exist, by key text. The rows of `unseen` keys were not looked up: nothing is known of
 * what was there, and they are written or deleted in any case.
 */
export function foldBatch(
  projection: AnyProjection,
  touched: readonly AffectedRow[],
  before: ReadonlyMap<string, object>,
  unseen: ReadonlySet<string> = new Set(),
): TableChange {
  const after = new Map<string, { key: object; row: object | undefined }>();
  for (const { recorded, key, keyText } of touched) {
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
  return { upserts, deletes };
}
