import { HarkError, IsoTime } from '@hark/kernel';
import { CommandContext } from './command-context';
import { commandMismatch } from './command-mismatch';
import { EventStore } from './event-store';

const category = 'command';

/**
 * Ties a command's Idempotency-Key to its request, for good and for every replica: once it has resolved, the same
 * command with another body is `refused` `idempotency.mismatch`. For commands whose body decides which stream they
 * change, because then that stream alone cannot tell. Does nothing without a key. Safe to repeat; costs one append.
 */
export async function claimCommand(store: EventStore, context: CommandContext, at: IsoTime): Promise<void> {
  if (context.requestHash === undefined) return;
  try {
    // The event's id derives from the command and the hash: the same request finds its own event, another request loses
    // the race.
    await store.append(category, context.commandId, 'no-stream', [{ type: 'command.claimed', data: { at } }], context);
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'eventstore.lost-race') throw error;
    throw commandMismatch();
  }
}

/** After `claimCommand`: whether an earlier request made the claim, so that its work may have begun. One read. */
export async function claimedBefore(store: EventStore, context: CommandContext): Promise<boolean> {
  if (context.requestHash === undefined) return false;
  const [claim] = await store.read(category, context.commandId);
  return claim?.metadata.requestId !== context.requestId;
}
