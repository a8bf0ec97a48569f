import { BindingRequestEvent, CallbackEvent, LogInEvent, UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { dueRows } from './due-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const retryAt = '2026-01-05T09:05:00.000Z';
const code = { endpointId: 'e1', codeHash: 'h' };
const deferred: UserEvent = {
  type: 'user.endpoint-challenge-deferred',
  data: { ...code, number: 2, reason: 'not-reached', retryAt, at },
};
const rows = projectionSpec(dueRows);

describe('when a callback that was put off is tried again', () => {
  const failed: CallbackEvent = { type: 'callback.failed', data: { number: 2, reason: 'answered', retryAt, at } };
  it('is told for each callback', () =>
    rows.given(stream('c1', failed)).thenRows({
      due_key: 'callback/c1',
      due_at: retryAt,
      task: 'resume-callback',
      data: { callbackId: 'c1', number: 2 },
    }));
  it('is told for one that found no turn, by the tries that are over', () =>
    rows
      .given(stream<CallbackEvent[]>('c1', { type: 'callback.put-off', data: { number: 3, tries: 1, retryAt, at } }))
      .thenRows({ due_key: 'callback/c1', due_at: retryAt, data: { callbackId: 'c1', number: 1 } }));
  it.each<CallbackEvent>([
    { type: 'callback.resumed', data: { number: 2, epoch: 1, at } },
    { type: 'callback.sent', data: { number: 3, status: 200, at } },
    { type: 'callback.failed', data: { number: 3, reason: 'gone', at } },
  ])('is over with %j', (event) => rows.given(stream('c1', failed, event)).thenRows());
});

describe('when codes that were put off are sent again', () => {
  it('is told for each endpoint of a person', () =>
    rows.given(stream('person', deferred)).thenRows({
      due_key: 'person/e1',
      due_at: retryAt,
      task: 'resume-challenge',
      data: { personId: 'person', endpointId: 'e1', codeHash: 'h', number: 2 },
    }));

  it.each<UserEvent>([
    { type: 'user.endpoint-challenge-resumed', data: { ...code, number: 2, epoch: 1, at } },
    { type: 'user.endpoint-challenge-failed', data: { ...code, reason: 'not-reached', at } },
    { type: 'user.endpoint-challenged', data: { ...code, code: 'v1.x', expiresAt: at, at } },
    { type: 'user.endpoint-disabled', data: { endpointId: 'e1', reason: 'proof-due', at } },
    { type: 'user.endpoint-removed', data: { endpointId: 'e1', at } },
  ])('is over with %j', (event) => rows.given(stream('person', deferred, event)).thenRows());
});

describe('when an endpoint is to be proven anew', () => {
  const verified: UserEvent = { type: 'user.endpoint-verified', data: { endpointId: 'e1', at } };
  it('is told from each proof on', () =>
    rows.given(stream('person', deferred, verified)).thenRows({
      due_key: 'person/e1',
      due_at: '2027-01-05T09:00:00.000Z',
      task: 'prove-again',
      data: { personId: 'person', endpointId: 'e1', triedAt: at },
    }));
  it('is over when it is gone', () =>
    rows
      .given(stream<UserEvent[]>('person', verified, { type: 'user.endpoint-removed', data: { endpointId: 'e1', at } }))
      .thenRows());
});

describe('when a log-in by mail is over', () => {
  const challenged: LogInEvent = {
    type: 'log_in.challenged',
    data: { address: 'v1.x', code: 'v1.x', codeHash: 'h', locale: 'en', expiresAt: retryAt, at },
  };
  const logIn = (...events: LogInEvent[]) => stream('c1', ...events);
  it('is told while nobody has proven it', () => {
    rows.given(logIn(challenged)).thenRows({
      due_key: 'log_in/c1',
      due_at: retryAt,
      task: 'expire-log-in',
      data: { challengeId: 'c1' },
    });
    rows.given(logIn(challenged, { type: 'log_in.proven', data: { at } })).thenRows();
    rows.given(logIn(challenged, { type: 'log_in.expired', data: { at } })).thenRows();
  });
});

describe('when a request for consent is over', () => {
  const terms = { version: 1, zh: 'z', en: 'e' };
  const opened: BindingRequestEvent = {
    type: 'binding_request.opened',
    data: { appId: 'a', asked: 'v1.x', terms, expiresAt: retryAt, at },
  };
  const wording = { version: 1, language: 'en', hash: 'e', presented: true, text: 'v1.x' } as const;

  it('is told while it is open', () =>
    rows.given(stream('request', opened)).thenRows({
      due_key: 'binding_request/request',
      due_at: retryAt,
      task: 'expire-binding-request',
      data: { requestId: 'request' },
    }));

  it.each<BindingRequestEvent>([
    { type: 'binding_request.declined', data: { personId: 'p', at } },
    { type: 'binding_request.expired', data: { at } },
  ])('is settled with $type', (event) => rows.given(stream('request', opened, event)).thenRows());

  it('once it is approved, is told until all that it entails is done', () => {
    const agreed = { personId: 'p', bindingId: 'b', consentId: 'c', wording, at };
    const approved: BindingRequestEvent = { type: 'binding_request.approved', data: agreed };
    rows.given(stream('request', opened, approved)).thenRows({
      due_at: '2026-01-05T09:00:30.000Z',
      task: 'finish-binding-request',
      data: { requestId: 'request' },
    });
    const finished: BindingRequestEvent = { type: 'binding_request.finished', data: { at } };
    rows.given(stream('request', opened, approved, finished)).thenRows();
  });
});
