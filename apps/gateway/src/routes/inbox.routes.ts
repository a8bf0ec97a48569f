import { deliverySubjects, listInboxRequest } from '@hark/contracts';
import { route } from './route';

export const inboxRoutes = [
  route({
    method: 'GET',
    path: '/v1/inbox',
    summary: 'Every message, newest first',
    who: 'user',
    subject: deliverySubjects.listInbox,
    query: listInboxRequest,
    data: ({ query }) => query,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/inbox/:inboxItemId',
    summary: 'One message',
    who: 'user',
    subject: deliverySubjects.getInboxItem,
    data: ({ params }) => params,
    status: 200,
  }),
];
