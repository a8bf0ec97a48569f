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
  keyOf(recorded: RecordedEvent): object | undefined;
  evolve(row: object | undefined, recorded: RecordedEvent): object | undefined;
}
