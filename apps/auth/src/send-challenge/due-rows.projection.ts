import { BindingRequestEvent, CallbackEvent, DeviceLogInEvent, LogInEvent, UserEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { DueRow, dueRow, FoldProjection } from '@hark/readmodel';
import { finishAfterMs } from '../domain/binding-request.decider';
import { proofLifeMs } from '../domain/challenge.rules';

type Dated = UserEvent | CallbackEvent | LogInEvent | BindingRequestEvent | DeviceLogInEvent;

const types: readonly Dated['type'][] = [
  'user.endpoint-challenge-deferred',
  'user.endpoint-challenge-resumed',
  'user.endpoint-challenge-failed',
  'user.endpoint-challenged',
  'user.endpoint-verified',
  'user.endpoint-disabled',
  'user.endpoint-removed',
  'callback.sent',
  'callback.failed',
  'callback.put-off',
  'callback.resumed',
  'log_in.challenged',
  'log_in.proven',
  'log_in.expired',
  'device_log_in.opened',
  'device_log_in.approved',
  'device_log_in.declined',
  'device_log_in.expired',
  'binding_request.opened',
  'binding_request.approved',
  'binding_request.finished',
  'binding_request.declined',
  'binding_request.expired',
];

/**
 * `auth.due`: the codes and callbacks that are put off, and until when; the log-ins by mail that nobody has proven, and how
 * long they may be; when each endpoint is to be proven anew; the requests for consent and the browsers that nobody has decided about, likewise; and the approvals
 * that may have been cut off.
 */
export const dueRows: FoldProjection<DueRow, Dated> = {
  name: 'auth.due.v3',
  table: 'auth.due',
  key: ['due_key'],
  categories: ['user', 'callback', 'log_in', 'device_log_in', 'binding_request'],
  types,
  replacing: types,

  keyOf({ event, category, id }) {
    if (category !== 'user') return { due_key: `${category}/${id}` };
    return 'endpointId' in event.data ? { due_key: `${id}/${event.data.endpointId}` } : undefined;
  },

  evolve(_, recorded) {
    const { event } = recorded;
    if (event.type === 'callback.failed' || event.type === 'callback.put-off') {
      const { retryAt } = event.data;
      if (retryAt === undefined) return undefined;
      const data = { callbackId: recorded.id, number: 'tries' in event.data ? event.data.tries : event.data.number };
      return dueRow(recorded, { key: `callback/${recorded.id}`, at: retryAt, task: 'resume-callback', data });
    }
    if (event.type === 'binding_request.opened') {
      const data = { requestId: recorded.id };
      const key = `binding_request/${recorded.id}`;
      return dueRow(recorded, { key, at: event.data.expiresAt, task: 'expire-binding-request', data });
    }
    if (event.type === 'binding_request.approved') {
      const data = { requestId: recorded.id };
      const key = `binding_request/${recorded.id}`;
      const at = plusMs(event.data.at, finishAfterMs);
      return dueRow(recorded, { key, at, task: 'finish-binding-request', data });
    }
    if (event.type === 'device_log_in.opened') {
      const data = { deviceLogInId: recorded.id };
      const key = `device_log_in/${recorded.id}`;
      return dueRow(recorded, { key, at: event.data.expiresAt, task: 'expire-device-log-in', data });
    }
    if (event.type === 'log_in.challenged') {
      const data = { challengeId: recorded.id };
      return dueRow(recorded, { key: `log_in/${recorded.id}`, at: event.data.expiresAt, task: 'expire-log-in', data });
    }
    if (event.type === 'user.endpoint-verified') {
      const { endpointId, at: triedAt } = event.data;
      return dueRow(recorded, {
        key: `${recorded.id}/${endpointId}`,
        at: plusMs(triedAt, proofLifeMs),
        task: 'prove-again',
        data: { personId: recorded.id, endpointId, triedAt },
      });
    }
    if (event.type !== 'user.endpoint-challenge-deferred') return undefined;
    const { endpointId, codeHash, number, retryAt } = event.data;
    const personId = recorded.id;
    return dueRow(recorded, {
      key: `${personId}/${endpointId}`,
      at: retryAt,
      task: 'resume-challenge',
      data: { personId, endpointId, codeHash, number },
    });
  },
};
