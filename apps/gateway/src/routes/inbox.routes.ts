import { deliverySubjects, listInboxRequest } from '@hark/contracts';
import { route } from './route';

export const inboxRoutes = [
  route({
    method: 'GET',
    path: '/v1/inbox',
    summary: 'List your messages, newest first',
    access: 'user',
    subject: deliverySubjects.listInbox,
    query: listInboxRequest,
    data: ({ query }) => query,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/inbox/:inboxItemId',
    summary: 'Read one message',
    access: 'user',
    subject: deliverySubjects.getInboxItem,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/inbox/:inboxItemId/read',
    summary: 'Mark a message as read',
    access: 'user',
    subject: deliverySubjects.read,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/inbox/:inboxItemId/unread',
    summary: 'Mark a message as unread again',
    access: 'user',
    subject: deliverySubjects.unread,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/inbox/read-all',
    summary: 'Mark the newest unread messages as read, at most 200; says how many are left',
    access: 'user',
    subject: deliverySubjects.readAll,
    data: () => ({}),
    status: 200,
  }),
];
