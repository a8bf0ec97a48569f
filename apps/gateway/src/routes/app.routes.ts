import { authSubjects, complaintsSubjects, pageRequest, registerAppRequest } from '@hark/contracts';
import { route } from './route';

export const appRoutes = [
  route({
    method: 'POST',
    path: '/v1/apps',
    summary: 'Register an app',
    who: 'user',
    subject: authSubjects.registerApp,
    body: registerAppRequest,
    data: ({ body }) => body,
    status: 201,
    creates: true,
    location: (body) => `/v1/apps/${(body.app as { id: string }).id}`,
  }),
  route({
    method: 'GET',
    path: '/v1/apps',
    summary: "One's own apps",
    who: 'user',
    subject: authSubjects.listApps,
    query: pageRequest,
    data: ({ query }) => query,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/apps/:appId',
    summary: 'One of them',
    who: 'user',
    subject: authSubjects.getApp,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/apps/:appId/public',
    summary: 'What a consent page shows of an app',
    who: 'anyone',
    subject: authSubjects.getAppPublic,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/apps/:appId/standing',
    summary: 'Points, status and history',
    who: 'owner-or-app',
    subject: complaintsSubjects.getStanding,
    data: ({ params, credential }) => ({ ...params, ...(credential && { credential }) }),
    status: 200,
  }),
];
