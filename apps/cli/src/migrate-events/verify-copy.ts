import { HarkError } from '@hark/kernel';
import { differenceOf, type LogPosition, nameOf } from './copied-event';
import { copiedEvents } from './copied-events';
import { planOf } from './event-copy';
import { PlanCursor } from './plan-cursor';
import type { PositionMap } from './position-map';
import type { StoreConnection } from './store-connection';
import type { StreamDigests } from './stream-digests';

const differencesNamedMax = 20;

/** What a verification needs. `digests` has the source's side already. */
export interface VerifyParts {
  readonly source: StoreConnection;
  readonly target: StoreConnection;
  readonly head: LogPosition;
  readonly digests: StreamDigests;
  readonly positions: PositionMap;
  readonly progress: (events: number) => void;
}

/**
 * Reads both logs once more, from the beginning and side by side: every stream must have the same count and hash on
 * both sides, and all events together the same order. Throws `conflict` naming what differs.
 */
export async function verifyCopy(parts: VerifyParts): Promise<void> {
  const { source, target, head, digests, positions, progress } = parts;
  const plan = new PlanCursor(planOf(source, head).units());
  let outOfOrder: string | undefined;
  let events = 0;
  try {
    for await (const copy of copiedEvents(target.readAll())) {
      digests.add('target', copy);
      progress((events += 1));
      if (outOfOrder !== undefined) continue;
      const original = await plan.nextEvent();
      const difference = original === undefined ? 'stream' : differenceOf(original, copy);
      if (original !== undefined) positions.pass(original.position, copy.position);
      // Same place, other content: the hashes will show it, and the order can still be checked.
      if (difference === 'stream' || difference === 'revision') {
        outOfOrder = `${nameOf(copy)} at position ${copy.position.commit}`;
      }
    }
  } finally {
    await plan.close();
  }
  const differences = digests.differences(differencesNamedMax);
  if (differences.length > 0) {
    const lines = differences.map(
      ({ streamId, sourceCount, targetCount }) =>
        `\n  ${streamId}: ${sourceCount} events in the source, ${targetCount} in the target`,
    );
    const more = lines.length === differencesNamedMax ? '\n  (and perhaps more)' : '';
    throw different(`these streams differ:${lines.join('')}${more}`);
  }
  if (outOfOrder !== undefined) throw different(`the order differs from ${outOfOrder} on`);
}

const different = (what: string): HarkError =>
  new HarkError('conflict', 'migrate.different', `the copy is not the source: ${what}`);
