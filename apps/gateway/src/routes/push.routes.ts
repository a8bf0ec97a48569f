import {
  editPushBody,
  intakeSubjects,
  listPushesQuery,
  pushBatchBody,
  pushBatchDocument,
  pushBody,
} from '@hark/contracts';
import { pushBatchAnswer } from '../http/ask-in-parts';
import { route, RouteInput } from './route';

// `key` in the body is for clients that cannot set headers; then it is the credential. Sent beside an app's secret, it
// shows that the app was given that key.
const pushData = ({ body: { key, ...push }, credential }: RouteInput): object => ({
  ...push,
  credential,
  ...(key !== undefined && key !== credential && { key }),
});

/** `POST /v1/pushes`. The senders of other hubs (`drop-in`) push by it, too. */
export const pushRoute = route({
  method: 'POST',
  path: '/v1/pushes',
  summary: 'Push a message',
  access: 'credential',
  subject: intakeSubjects.push,
  body: pushBody,
  plain: true,
  data: pushData,
  status: 202,
  idempotent: true,
  location: (body) => `/v1/pushes/${String(body.id)}`,
});

export const pushRoutes = [
  pushRoute,
  route({
    method: 'POST',
    path: '/v1/pushes/batch',
    summary: 'Push many messages, each answered by itself and in order',
    access: 'credential',
    subject: intakeSubjects.pushBatch,
    body: pushBatchBody,
    batch: { body: pushBatchDocument, answer: pushBatchAnswer },
    data: ({ body, credential }) => ({ ...body, credential }),
    status: 200,
    idempotent: true,
  }),
  route({
    method: 'POST',
    path: '/v1/pushes/preview',
    summary: 'Ask what would become of a push: who would get it, how, and why not. Nothing is sent or stored',
    access: 'credential',
    subject: intakeSubjects.previewPush,
    body: pushBody,
    data: pushData,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/pushes',
    summary: 'List what you pushed, newest first',
    access: 'credential',
    subject: intakeSubjects.listPushes,
    query: listPushesQuery,
    data: ({ query, credential }) => ({ ...query, credential }),
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/pushes/stream',
    summary: 'What becomes of your pushes, as it happens (Server-Sent Events)',
    access: 'credential',
    subject: intakeSubjects.pushChanges,
    data: ({ credential }) => ({ credential }),
    stream: 'pushes',
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/pushes/:pushId',
    summary: 'Read what became of a push',
    access: 'credential',
    subject: intakeSubjects.getPush,
    data: ({ params, credential }) => ({ ...params, credential }),
    status: 200,
  }),
  route({
    method: 'PATCH',
    path: '/v1/pushes/:pushId',
    summary: 'Change a push before it is sent, or replace its text in the inbox',
    access: 'credential',
    subject: intakeSubjects.editPush,
    body: editPushBody,
    data: ({ params, body, credential }) => ({ ...body, ...params, credential }),
    status: 202,
    idempotent: true,
  }),
  route({
    method: 'DELETE',
    path: '/v1/pushes/:pushId',
    summary: 'Take a push back: it goes nowhere any more, and leaves the inbox and the phones that can let it go',
    access: 'credential',
    subject: intakeSubjects.recallPush,
    data: ({ params, credential }) => ({ ...params, credential }),
    status: 204,
  }),
];
