import { HarkError, IsoTime } from '@hark/kernel';
import { CommandContext } from './command-context';
import { commandMismatch } from './command-mismatch';
import { EventStore } from './event-store';

const category = 'command';

/**
 * Ties the Idempotency-Key of a command to its request, for good and for every replica: once it has resolved, the same
 * command with another body is `refused` `idempotency.mismatch`. For commands whose body says which stream they change, so that the
 * stream alone would not know. Nothing without a key. Safe to repeat; costs one append.
 */
export async function claimCommand(store: EventStore, context: CommandContext, at: IsoTime): Promise<void> {
  if (context.requestHash === undefined) return;
  try {
    // The event's id follows from the command and the hash: the same request finds its own event, another one a race lost.
    await store.append(category, context.commandId, 'no-stream', [{ type: 'command.claimed', data: { at } }], context);
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'eventstore.lost-race') throw error;
    throw commandMismatch();
  }
}
