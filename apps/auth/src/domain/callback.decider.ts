import { CallbackEvent } from '@hark/contracts';
import { Decider, IsoTime, plusMs } from '@hark/kernel';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
/**
 * The wait after the first, second, … failed try, in milliseconds: the example schedule of Standard Webhooks 1.0.0, three
 * days in all. After the last one nothing more is tried.
 */
const waitsMs = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
const retryAfterMsMax = 24 * hour;
/** A call that finds no turn waits this long, twice as long each time, and half as long again at random. */
const putOffMs = { first: 5 * second, longest: hour };
/** After this long without a turn it is given up, as after the last try. */
const turnMsMax = 72 * hour;

/** What an app is told, and whose share of the calls it takes. `at`: when it happened. */
export type CallbackNews = Extract<CallbackEvent, { type: 'callback.queued' }>['data'];

/** How one try ended. `retryAfterMs` as the receiver asked, `jitter` in [0, 1). */
export type CallbackResult =
  | { readonly is: 'sent'; readonly status: number }
  | {
      readonly is: 'failed';
      readonly reason:
        'answered' | 'gone' | 'redirected' | 'not-reached' | 'address-refused' | 'no-address' | 'no-turn';
      readonly status?: number;
      readonly final?: true;
      readonly retryAfterMs?: number;
      readonly jitter: number;
    };

export type CallbackCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Queue'; readonly news: CallbackNews }
  | { readonly type: 'Settle'; readonly number: number; readonly result: CallbackResult }
  /** The try found no turn; `jitter` in [0, 1). */
  | { readonly type: 'PutOff'; readonly jitter: number }
  | { readonly type: 'Resume'; readonly number: number; readonly epoch: number }
);

/** One call to an app's server. `tries`: how many are over; `putOffs`: how often it found no turn. */
export type Callback =
  | { readonly is: 'absent' }
  | {
      readonly is: 'due' | 'waiting' | 'done';
      readonly news: CallbackNews;
      readonly tries: number;
      readonly putOffs: number;
    };

/** Tried until it is taken, on a schedule, a bounded number of times; each try settles once. */
export const callbackDecider: Decider<Callback, CallbackCommand, CallbackEvent> = {
  initial: { is: 'absent' },

  decide(command, callback) {
    if (command.type === 'Queue') {
      return callback.is === 'absent' ? [{ type: 'callback.queued', data: command.news }] : [];
    }
    if (callback.is === 'absent') return [];
    if (command.type === 'PutOff') return putOff(command, callback);
    const { number, at } = command;
    if (command.type === 'Resume') {
      const isNext = callback.is === 'waiting' && callback.tries === number;
      const { ownerId } = callback.news;
      const data = { number, ...(ownerId !== undefined && { ownerId }), epoch: command.epoch, at };
      return isNext ? [{ type: 'callback.resumed', data }] : [];
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
    if (event.type === 'callback.queued') return { is: 'due', news: event.data, tries: 0, putOffs: 0 };
    if (callback.is === 'absent') return callback;
    switch (event.type) {
      case 'callback.sent':
        return { ...callback, is: 'done', tries: event.data.number };
      case 'callback.failed':
        return { ...callback, is: event.data.retryAt === undefined ? 'done' : 'waiting', tries: event.data.number };
      case 'callback.put-off':
        return { ...callback, is: 'waiting', putOffs: event.data.number };
      case 'callback.resumed':
        return { ...callback, is: 'due' };
      default:
        event satisfies never;
        return callback;
    }
  },
};

function putOff(
  { jitter, at }: Extract<CallbackCommand, { type: 'PutOff' }>,
  { is, news, tries, putOffs }: Exclude<Callback, { is: 'absent' }>,
): CallbackEvent[] {
  if (is !== 'due') return [];
  const waitMs = Math.min(putOffMs.first * 2 ** putOffs, putOffMs.longest);
  const retryAt = plusMs(at, Math.ceil(waitMs * (1 + jitter / 2)));
  if (retryAt <= plusMs(news.at, turnMsMax)) {
    return [{ type: 'callback.put-off', data: { number: putOffs + 1, tries, retryAt, at } }];
  }
  return [{ type: 'callback.failed', data: { number: tries + 1, reason: 'no-turn', at } }];
}

type Failed = Extract<CallbackResult, { is: 'failed' }>;

function retryTime({ final, retryAfterMs = 0, jitter }: Failed, number: number, at: IsoTime): IsoTime | undefined {
  const waitMs = waitsMs[number - 1];
  if (final || waitMs === undefined) return undefined;
  const leastMs = Math.max(waitMs, Math.min(retryAfterMs, retryAfterMsMax));
  return plusMs(at, Math.ceil(leastMs + waitMs * 0.1 * jitter));
}
