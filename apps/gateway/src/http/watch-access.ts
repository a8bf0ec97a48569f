import { HarkError } from '@hark/kernel';
import { pause } from '@hark/resilience';
import { Access } from '../routes/route';
import { LiveSessions } from '../session/live-sessions';
import { authorise } from './authorise';

/** How often is looked. An answer of the auth service counts for three seconds more, so that both stay below five. */
export const watchEveryMs = 1_500;
/** For how long nobody may be able to say whether the session lives, in milliseconds. */
const unknownMaxMs = 3_000;

/**
 * For a response that stays open after its call was authorised: resolves with the reason as soon as the caller may not
 * make that call any more, within five seconds of the end of their session, or of the loss of the role or second factor
 * that it needs; also when their access token expires. Resolves with undefined once `signal` is aborted, which must
 * happen when the response ends. Never rejects.
 *
 *     const ended = new AbortController();
 *     reply.raw.once('close', () => ended.abort());
 *     void untilRefused('user', bearer, sessions, ended.signal).then((error) => error && cut(error));
 */
export async function untilRefused(
  who: Access,
  bearer: string | undefined,
  sessions: Pick<LiveSessions, 'verify' | 'knownUser'>,
  signal: AbortSignal,
  everyMs = watchEveryMs,
): Promise<HarkError | undefined> {
  let knownAtMs = performance.now();
  for (;;) {
    await pause(everyMs, signal);
    if (signal.aborted) return undefined;
    try {
      await authorise(who, bearer, sessions);
      knownAtMs = performance.now();
    } catch (error) {
      const refusal = error instanceof HarkError ? error : lost(error);
      // A short outage must not make all clients come anew at once.
      if (refusal.kind !== 'unavailable' || performance.now() - knownAtMs > unknownMaxMs) return refusal;
    }
  }
}

const lost = (cause: unknown) =>
  new HarkError('unavailable', 'service.unavailable', 'nobody can say whether the session has ended', {}, { cause });
