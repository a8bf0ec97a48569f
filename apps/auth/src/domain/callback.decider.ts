import { CallbackEvent } from '@hark/contracts';
import { Decider, IsoTime, plusMs } from '@hark/kernel';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/**
 * The wait after the first, second, … failed try, in milliseconds: the example schedule of Standard Webhooks 1.0.0, three
 * days in all. After the last one nothing more is tried.
 */
const waitsMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
const retryAfterMsMax = 24 * hour;

/** What an app is told. `at`: when it happened. */
export type CallbackNews = Extract<CallbackEvent, { type: 'callback.queued' }>['data'];

/** How one try ended. `retryAfterMs` as the receiver asked, `jitter` in [0, 1). */
export type CallbackResult =
  | { readonly is: 'sent'; readonly status: number }
  | {
      readonly is: 'failed';
      readonly reason: 'answered' | 'gone' | 'redirected' | 'not-reached' | 'address-refused' | 'no-address';
      readonly status?: number;
      readonly final?: true;
      readonly retryAfterMs?: number;
      readonly jitter: number;
    };

export type CallbackCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Queue'; readonly news: CallbackNews }
  | { readonly type: 'Settle'; readonly number: number; readonly result: CallbackResult }
  | { readonly type: 'Resume'; readonly number: number; readonly epoch: number }
);

/** One call to an app's server. `tries`: how many are over. */
export type Callback =
  | { readonly is: 'absent' }
  | { readonly is: 'due' | 'waiting' | 'done'; readonly news: CallbackNews; readonly tries: number };

/** Tried until it is taken, on a schedule, a bounded number of times; each try settles once. */
export const callbackDecider: Decider<Callback, CallbackCommand, CallbackEvent> = {
  initial: { is: 'absent' },

  decide(command, callback) {
    if (command.type === 'Queue') {
      return callback.is === 'absent' ? [{ type: 'callback.queued', data: command.news }] : [];
    }
    if (callback.is === 'absent') return [];
    const { number, at } = command;
    if (command.type === 'Resume') {
      const isNext = callback.is === 'waiting' && callback.tries === number;
      return isNext ? [{ type: 'callback.resumed', data: { number, epoch: command.epoch, at } }] : [];
    }
    if (callback.is !== 'due' || number !== callback.tries + 1) return [];
    const { result } = command;
    if (result.is === 'sent') return [{ type: 'callback.sent', data: { number, status: result.status, at } }];
    const { reason, status } = result;
    const retryAt = retryTime(result, number, at);
    const data = { number, reason, ...(status !== undefined && { status }), ...(retryAt && { retryAt }), at };
    return [{ type: 'callback.failed', data }];
  },

  evolve(callback, event) {
    if (event.type === 'callback.queued') return { is: 'due', news: event.data, tries: 0 };
    if (callback.is === 'absent') return callback;
    switch (event.type) {
      case 'callback.sent':
        return { ...callback, is: 'done', tries: event.data.number };
      case 'callback.failed':
        return { ...callback, is: event.data.retryAt === undefined ? 'done' : 'waiting', tries: event.data.number };
      case 'callback.resumed':
        return { ...callback, is: 'due' };
      default:
        event satisfies never;
        return callback;
    }
  },
};

type Failed = Extract<CallbackResult, { is: 'failed' }>;

function retryTime({ final, retryAfterMs = 0, jitter }: Failed, number: number, at: IsoTime): IsoTime | undefined {
  const waitMs = waitsMs[number - 1];
  if (final || waitMs === undefined) return undefined;
  const leastMs = Math.max(waitMs, Math.min(retryAfterMs, retryAfterMsMax));
  return plusMs(at, Math.ceil(leastMs + waitMs * 0.1 * jitter));
}
