import type { RecordedEvent } from '@hark/eventstore';
import { DomainEvent } from '@hark/kernel';

/**
 * One table as a fold over events. It writes what each event says and cannot refuse one.
 *
 * Pure: no clock, no randomness, no other table; the same events give the same rows. A row is plain JSON with the
 * table's column names; a column the row lacks becomes null. `timestamptz` columns read back as ISO 8601 in UTC with
 * milliseconds.
 */
export interface FoldProjection<Row extends object, E extends DomainEvent = DomainEvent> {
  /**
   * Stored with the position: a changed fold needs a new name and table, and starts from the beginning. E.g.
   * `auth.bindings.v1`.
   */
  readonly name: string;
  /** `<schema>.<table>`, made by a migration. */
  readonly table: string;
  /** The columns of the primary key. */
  readonly key: readonly (keyof Row & string)[];
  /** Categories of streams that it reads. */
  readonly categories: readonly string[];
  /** The types that it reads, of those categories; the others only move its position. All when absent. */
  readonly types?: readonly E['type'][];
  /** The types after which the row is what the event says, whatever it was before: for them no row is looked up. */
  readonly replacing?: readonly E['type'][];
  /**
   * Deletes all rows whose `column` is the id of the stream in which an event of this type comes. Its category and type
   * need not stand in `categories` and `types`; it touches no row otherwise.
   */
  readonly emptiedBy?: { readonly type: string; readonly column: keyof Row & string };
  /**
   * Rows whose `column`, a time in ISO 8601, is that long ago may be deleted by whoever wants the room: nobody misses them,
   * and a comparison leaves them out.
   */
  readonly forgets?: { readonly column: keyof Row & string; readonly afterMs: number };
  /** The key of the row that this event touches; undefined when it touches none. */
  keyOf(recorded: RecordedEvent<E>): Partial<Row> | undefined;
  /** The row after the event; the same object when it stays, undefined when it is deleted. */
  evolve(row: Row | undefined, recorded: RecordedEvent<E>): Row | undefined;
}

/** Any projection, whatever its rows. */
export interface AnyProjection {
  readonly name: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly categories: readonly string[];
  readonly types?: readonly string[];
  readonly replacing?: readonly string[];
  readonly emptiedBy?: { readonly type: string; readonly column: string };
  readonly forgets?: { readonly column: string; readonly afterMs: number };
  keyOf(recorded: RecordedEvent): object | undefined;
  evolve(row: object | undefined, recorded: RecordedEvent): object | undefined;
}

/** Whether the projection reads events of this category and type. */
export const reads = ({ categories, types, emptiedBy }: AnyProjection, category: string, type: string): boolean =>
  type === emptiedBy?.type || (categories.includes(category) && (types?.includes(type) ?? true));

/** The categories of streams that it reads, that of `emptiedBy` too. */
export const categoriesOf = ({ categories, emptiedBy }: AnyProjection): readonly string[] =>
  emptiedBy ? [...new Set([...categories, emptiedBy.type.split('.', 1)[0]!])] : categories;
