import { z } from 'zod';
import { chunkPushesMax, PushBatchReply, pushReply, Reply } from '@hark/contracts';
import { HarkError, latestPosition } from '@hark/kernel';
import { harkErrorOf } from '@hark/nats';
import { RouteInput } from '../routes/route';
import { Problem, problemSchema } from './problem';
import { bodyBytesMax } from './read-body';

/** The answer to a batch: one result for each push, in order. */
export const pushBatchAnswer = z
  .strictObject({ results: z.array(z.union([pushReply, z.strictObject({ error: problemSchema })])).readonly() })
  .meta({ id: 'PushBatch' });
type PushBatchAnswer = z.infer<typeof pushBatchAnswer>;

/** The most JSON in one part, in bytes: a quarter of a message of NATS, so that four services share the largest batch. */
export const partBytesMax = 262_144;

/** Pushes that follow each other in their batch. */
export interface Part {
  /** The place of the first. */
  readonly from: number;
  readonly pushes: readonly unknown[];
  /** One push that is larger than a request of its own may be. */
  readonly tooLarge?: true;
}

/** Cuts a batch into parts that each fit one request; the same batch always into the same ones. */
export function partsOf(pushes: readonly unknown[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let bytes = 0;
  const end = (to: number): void => {
    if (to > from) parts.push({ from, pushes: pushes.slice(from, to) });
    from = to;
    bytes = 0;
  };
  for (const [index, push] of pushes.entries()) {
    const size = Buffer.byteLength(JSON.stringify(push));
    if (size > bodyBytesMax) {
      end(index);
      parts.push({ from: index, pushes: [push], tooLarge: true });
      from = index + 1;
      continue;
    }
    if (index - from >= chunkPushesMax || bytes + size > partBytesMax) end(index);
    bytes += size;
  }
  end(pushes.length);
  return parts;
}

/**
 * Asks for all parts of a batch at once and puts the answers together. A part that is not answered gives its error to
 * each of its pushes. When none is answered, there is nothing to put together: the first error is thrown.
 */
export async function askInParts(
  input: RouteInput,
  ask: (part: RouteInput) => Promise<Reply<unknown>>,
  told: (error: unknown) => Problem,
): Promise<Reply<PushBatchAnswer>> {
  const parts = partsOf(input.body.pushes as readonly unknown[]);
  const settled = await Promise.allSettled(
    parts.map(async ({ tooLarge, ...body }) => {
      if (tooLarge) throw pushTooLarge();
      return (await ask({ ...input, body })) as Reply<PushBatchReply>;
    }),
  );
  const replies = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (replies.length === 0) throw (settled[0] as PromiseRejectedResult).reason;
  const results = settled.flatMap((one, index) => {
    if (one.status === 'fulfilled') {
      return one.value.body.results.map((result) =>
        'error' in result ? { error: told(harkErrorOf(result.error)) } : result,
      );
    }
    const error = told(one.reason);
    return parts[index]!.pushes.map(() => ({ error }));
  });
  const position = latestPosition(replies.map(({ position }) => position));
  const wroteNothing = replies.every(({ replayed, position }) => replayed || position === undefined);
  return {
    body: { results },
    ...(position !== undefined && { position }),
    ...(position !== undefined && wroteNothing && { replayed: true }),
  };
}

const pushTooLarge = () =>
  new HarkError('invalid', 'request.too-large', 'one push is larger than a request of its own may be', {
    extra: { max: bodyBytesMax },
  });
