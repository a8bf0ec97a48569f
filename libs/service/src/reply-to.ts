import { Reply } from '@hark/contracts';
import { Executed } from '@hark/eventstore';

/** Answers a command with `body`, where it stands in the log, and whether this was a repeat. */
export const replyTo = <Body>(
  { position, replayed }: Pick<Executed<unknown>, 'position' | 'replayed'>,
  body: Body,
): Reply<Body> => ({ body, position, replayed });
