import { MigrationInterface, QueryRunner } from 'typeorm';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Decider, DomainEvent, IsoTime } from '@hark/kernel';
import { createDueTable, Due, DueRow, dueRow } from './due';
import { FoldProjection } from './projection';

/** Alarms that are set, put off and ring: what a schedule is for, and no more. */
export type AlarmEvent =
  | DomainEvent<'alarm.set', { number: number; dueAt: IsoTime }>
  | DomainEvent<'alarm.rang', { number: number; epoch: number }>;

type AlarmCommand =
  | { readonly type: 'Set'; readonly dueAt: IsoTime }
  | { readonly type: 'Ring'; readonly number: number; readonly epoch: number };

interface Alarm {
  readonly settings: number;
  readonly waiting: boolean;
}

export const alarmDecider: Decider<Alarm, AlarmCommand, AlarmEvent> = {
  initial: { settings: 0, waiting: false },
  decide(command, { settings, waiting }) {
    if (command.type === 'Set') return [{ type: 'alarm.set', data: { number: settings + 1, dueAt: command.dueAt } }];
    const { number, epoch } = command;
    return waiting && number === settings ? [{ type: 'alarm.rang', data: { number, epoch } }] : [];
  },
  evolve: (alarm, event) =>
    event.type === 'alarm.set' ? { settings: event.data.number, waiting: true } : { ...alarm, waiting: false },
};

export class CreateDue implements MigrationInterface {
  readonly name = 'CreateDue1700000000001';
  up = (runner: QueryRunner): Promise<void> => createDueTable(runner, 'notes.due');
  async down(): Promise<void> {}
}

export const dueProjection: FoldProjection<DueRow, AlarmEvent> = {
  name: 'notes.due.v1',
  table: 'notes.due',
  key: ['due_key'],
  categories: ['alarm'],
  keyOf: ({ id }) => ({ due_key: id }),
  evolve: (_, recorded) => {
    const { event, id } = recorded;
    if (event.type === 'alarm.rang') return undefined;
    const { number, dueAt } = event.data;
    return dueRow(recorded, { key: id, at: dueAt, task: 'ring', data: { number } });
  },
};

export const alarms = (store: EventStore) => new DeciderStore(store, 'alarm', alarmDecider);

export const ringOf = ({ data, epoch }: Due): AlarmCommand => ({
  type: 'Ring',
  number: data['number'] as number,
  epoch,
});
