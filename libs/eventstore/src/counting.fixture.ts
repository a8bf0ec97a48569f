import { randomUUID } from 'node:crypto';
import { Decider, DomainEvent, HarkError } from '@hark/kernel';
import { CommandContext } from './command-context';

/** A stream that counts: the smallest decider that can create, change, stay quiet and refuse. */
export type Counted = DomainEvent<'counter.opened', { by: string }> | DomainEvent<'counter.added', { n: number }>;
export interface Counter {
  readonly open: boolean;
  readonly sum: number;
}
export type Count = { type: 'Open'; by: string } | { type: 'Add'; n: number };

export const counterDecider: Decider<Counter, Count, Counted> = {
  initial: { open: false, sum: 0 },
  decide(command, state) {
    if (command.type === 'Open') return state.open ? [] : [{ type: 'counter.opened', data: { by: command.by } }];
    if (!state.open) throw new HarkError('not-found', 'counter.absent', 'there is no such counter');
    return command.n === 0 ? [] : [{ type: 'counter.added', data: { n: command.n } }];
  },
  evolve: (state, event) =>
    event.type === 'counter.opened' ? { ...state, open: true } : { ...state, sum: state.sum + event.data.n },
};

/** A context as a handler makes it; a new command unless told. */
export function contextOf(given: Partial<CommandContext> = {}): CommandContext {
  const requestId = randomUUID();
  return { commandId: randomUUID(), actor: 'service:test', requestId, correlationId: requestId, ...given };
}
