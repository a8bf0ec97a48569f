import { randomUUID } from 'node:crypto';
import { MigrationInterface, QueryRunner } from 'typeorm';
import { CommandContext, EventStore } from '@hark/eventstore';
import { DomainEvent, IsoTime } from '@hark/kernel';
import { FoldProjection } from './projection';

/** Notes that are written, changed and torn up: enough to insert, update and delete rows. */
export type NoteEvent =
  | DomainEvent<'note.written', { text: string; at: IsoTime }>
  | DomainEvent<'note.amended', { text: string }>
  | DomainEvent<'note.torn', object>;

export interface NoteRow {
  note_id: string;
  text: string;
  at: IsoTime;
  changes: number;
  extra: { length: number } | null;
}

export class CreateNotes implements MigrationInterface {
  readonly name = 'CreateNotes1700000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table notes.notes (note_id uuid primary key, text text not null, at timestamptz not null, changes int not null, extra jsonb)`,
    );
    await runner.query(`create index notes_by_time on notes.notes (at desc, note_id)`);
  }
  async down(): Promise<void> {}
}

export const notesProjection: FoldProjection<NoteRow, NoteEvent> = {
  name: 'notes.notes.v1',
  table: 'notes.notes',
  key: ['note_id'],
  categories: ['note'],
  keyOf: ({ id }) => ({ note_id: id }),
  evolve(row, { event, id }) {
    switch (event.type) {
      case 'note.written': {
        const { text, at } = event.data;
        return { note_id: id, text, at, changes: 0, extra: { length: text.length } };
      }
      case 'note.amended': {
        const { text } = event.data;
        return row && { ...row, text, changes: row.changes + 1, extra: { length: text.length } };
      }
      case 'note.torn':
        return undefined;
      default:
        return row;
    }
  },
};

export const at = '2026-01-05T09:00:00.000Z';

export function context(): CommandContext {
  const requestId = randomUUID();
  return { commandId: randomUUID(), actor: 'service:test', requestId, correlationId: requestId };
}

/** Appends the events of one note and answers its position's token. */
export async function append(store: EventStore, id: string, after: number | 'no-stream', ...events: DomainEvent[]) {
  const { position } = await store.append('note', id, after, events, context());
  return `${position}-note`;
}
export const written = (text: string): DomainEvent => ({ type: 'note.written', data: { text, at } });
export const amended = (text: string): DomainEvent => ({ type: 'note.amended', data: { text } });
export const torn: DomainEvent = { type: 'note.torn', data: {} };
