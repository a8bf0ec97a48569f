import * as fc from 'fast-check';
import { CallbackEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { CallbackCommand, callbackDecider, CallbackResult } from './callback.decider';

const at = '2026-01-05T09:00:00.000Z';
const news = { appId: 'a', type: 'binding.bound', bindingId: 'b', at };
const queued: CallbackEvent = { type: 'callback.queued', data: news };
const failure: CallbackResult = { is: 'failed', reason: 'answered', status: 500, jitter: 0 };
const settle = (number: number, result: CallbackResult): CallbackCommand => ({ type: 'Settle', number, result, at });
const failed = (number: number, retryAt?: string, reason = 'answered', status = 500): CallbackEvent => ({
  type: 'callback.failed',
  data: { number, reason, status, ...(retryAt && { retryAt }), at },
});
const resume = (number: number): CallbackCommand => ({ type: 'Resume', number, epoch: 1, at });
const resumed = (number: number): CallbackEvent => ({ type: 'callback.resumed', data: { number, epoch: 1, at } });
const callback = specFor(callbackDecider);

describe('a callback', () => {
  it('is queued once', () => {
    callback.given().when({ type: 'Queue', news, at }).then(queued);
    callback.given(queued).when({ type: 'Queue', news, at }).thenNothing();
  });
  it('is done when it is taken', () => {
    const sent: CallbackEvent = { type: 'callback.sent', data: { number: 1, status: 204, at } };
    callback
      .given(queued)
      .when(settle(1, { is: 'sent', status: 204 }))
      .then(sent);
    callback.given(queued, sent).when(settle(1, failure)).thenNothing();
  });
  it('is tried again after a failure, later when the receiver asks for it', () => {
    callback.given(queued).when(settle(1, failure)).then(failed(1, '2026-01-05T09:00:05.000Z'));
    callback
      .given(queued)
      .when(settle(1, { ...failure, retryAfterMs: 60_000 }))
      .then(failed(1, '2026-01-05T09:01:00.000Z'));
    callback
      .given(queued)
      .when(settle(1, { ...failure, jitter: 0.5, retryAfterMs: 1e12 }))
      .then(failed(1, '2026-01-06T09:00:00.250Z'));
  });
  it('is not tried again when the receiver is gone', () =>
    callback
      .given(queued)
      .when(settle(1, { ...failure, reason: 'gone', status: 410, final: true }))
      .then(failed(1, undefined, 'gone', 410)));
  it('is put off without a turn, ever longer, and counts no try; in the end it is given up', () => {
    const putOff = (jitter = 0, now = at): CallbackCommand => ({ type: 'PutOff', jitter, at: now });
    const delayed = (number: number, retryAt: string): CallbackEvent => ({
      type: 'callback.put-off',
      data: { number, tries: 0, retryAt, at },
    });
    const once = delayed(1, '2026-01-05T09:00:05.000Z');
    callback.given(queued).when(putOff()).then(once);
    callback.given(queued, once).when(putOff()).thenNothing();
    callback.given(queued, once).when(resume(0)).then(resumed(0));
    callback.given(queued, once, resumed(0)).when(putOff(1)).then(delayed(2, '2026-01-05T09:00:15.000Z'));
    callback.given(queued, once, resumed(0)).when(settle(1, failure)).then(failed(1, '2026-01-05T09:00:05.000Z'));
    const muchLater = '2026-01-08T09:00:00.000Z';
    callback
      .given(queued)
      .when(putOff(0, muchLater))
      .then({ type: 'callback.failed', data: { number: 1, reason: 'no-turn', at: muchLater } });
  });
  it('resumes the try that is due, once', () => {
    const waiting = [queued, failed(1, '2026-01-05T09:00:05.000Z')] as const;
    callback
      .given(...waiting)
      .when(resume(1))
      .then(resumed(1));
    callback
      .given(...waiting)
      .when(resume(2))
      .thenNothing();
    callback.given(queued).when(resume(1)).thenNothing();
  });

  it('ends, whatever happens: with the first that is taken, or after ten tries and three days', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constant<CallbackCommand>({ type: 'Queue', news, at }),
            fc
              .tuple(fc.integer({ min: 1, max: 12 }), fc.boolean())
              .map(([n, taken]) => settle(n, taken ? { is: 'sent', status: 200 } : failure)),
            fc.integer({ min: 1, max: 12 }).map(resume),
          ),
          { maxLength: 60 },
        ),
        (commands) => {
          const { events } = randomRun(callbackDecider, [{ type: 'Queue', news, at }, ...commands]);
          const tries = events.filter(({ type }) => type === 'callback.sent' || type === 'callback.failed');
          expect(tries.length).toBeLessThanOrEqual(10);
          const sent = events.findIndex(({ type }) => type === 'callback.sent');
          expect([-1, events.length - 1]).toContain(sent);
        },
      ),
    ));
  it('is tried ten times', () => {
    const all = Array.from({ length: 10 }, (_, n) => [settle(n + 1, failure), resume(n + 1)]).flat();
    const { events } = randomRun(callbackDecider, [{ type: 'Queue', news, at }, ...all]);
    expect(events.filter(({ type }) => type === 'callback.failed')).toHaveLength(10);
    expect(events.at(-1)).toEqual(failed(10));
  });
});
