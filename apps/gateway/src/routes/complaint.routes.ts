import { complainRequest, complaintsSubjects, dismissRequest, listHeldRequest, listQueueRequest, moderationSubjects, operatorOnAppRequest, pageRequest, reviewRequest, upholdRequest } from '@hark/contracts';
import { route } from './route';


export const complaintRoutes = [
  route({ method: 'POST', path: '/v1/complaints', summary: 'Complain about a message', who: 'user', subject: complaintsSubjects.complain, body: complainRequest, data: ({ body }) => body, status: 201, creates: true }),
  route({ method: 'GET', path: '/v1/complaints', summary: "One's own complaints, with outcomes", who: 'user', subject: complaintsSubjects.listMine, query: pageRequest, data: ({ query }) => query, status: 200 }),
  route({ method: 'GET', path: '/v1/ops/complaints', summary: 'The queue', who: 'operator', subject: complaintsSubjects.listQueue, query: listQueueRequest, data: ({ query }) => query, status: 200 }),
  route({ method: 'GET', path: '/v1/ops/complaints/:complaintId', summary: 'A complaint, with the push as evidence', who: 'operator', subject: complaintsSubjects.getComplaint, data: ({ params }) => params, status: 200 }),
  route({ method: 'POST', path: '/v1/ops/complaints/:complaintId/uphold', summary: 'Uphold: points are taken', who: 'operator', subject: complaintsSubjects.uphold, body: upholdRequest.omit({ complaintId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
  route({ method: 'POST', path: '/v1/ops/complaints/:complaintId/dismiss', summary: 'Dismiss', who: 'operator', subject: complaintsSubjects.dismiss, body: dismissRequest.omit({ complaintId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
  route({ method: 'POST', path: '/v1/ops/apps/:appId/reinstate', summary: 'Reinstate an app owner', who: 'operator', subject: complaintsSubjects.reinstate, body: operatorOnAppRequest.omit({ appId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
  route({ method: 'POST', path: '/v1/ops/apps/:appId/ban', summary: 'Confirm a proposed ban, as a second operator', who: 'operator', subject: complaintsSubjects.confirmBan, body: operatorOnAppRequest.omit({ appId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
  route({ method: 'GET', path: '/v1/ops/reviews', summary: 'Texts that moderation held', who: 'operator', subject: moderationSubjects.listHeld, query: listHeldRequest, data: ({ query }) => query, status: 200 }),
  route({ method: 'POST', path: '/v1/ops/reviews/:pushId/approve', summary: 'Let a held text pass', who: 'operator', subject: moderationSubjects.approve, body: reviewRequest.omit({ pushId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
  route({ method: 'POST', path: '/v1/ops/reviews/:pushId/reject', summary: 'Block a held text', who: 'operator', subject: moderationSubjects.reject, body: reviewRequest.omit({ pushId: true }), data: ({ params, body }) => ({ ...body, ...params }), status: 200 }),
];
