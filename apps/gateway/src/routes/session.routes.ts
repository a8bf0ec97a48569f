import { authSubjects, changeMeRequest, logInRequest, refreshRequest } from '@hark/contracts';
import { route } from './route';

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/v1/sessions',
    summary: "Log in, with WeChat's code",
    access: 'anyone',
    subject: authSubjects.logIn,
    body: logInRequest,
    data: ({ body }) => body,
    status: 201,
    idempotent: true,
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/refresh',
    summary: 'Trade the refresh token for a new pair',
    access: 'anyone',
    subject: authSubjects.refresh,
    body: refreshRequest,
    data: ({ body }) => body,
    status: 200,
  }),
  route({
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'Sign out: end the session of this call',
    access: 'user',
    subject: authSubjects.endSession,
    data: () => ({}),
    status: 204,
  }),
  route({
    method: 'GET',
    path: '/v1/me',
    summary: 'Read who you are: roles and language',
    access: 'user',
    subject: authSubjects.getMe,
    data: () => ({}),
    status: 200,
  }),
  route({
    method: 'PATCH',
    path: '/v1/me',
    summary: 'Choose the language of mails, codes and notes',
    access: 'user',
    subject: authSubjects.changeMe,
    body: changeMeRequest,
    data: ({ body }) => body,
    status: 200,
  }),
];
