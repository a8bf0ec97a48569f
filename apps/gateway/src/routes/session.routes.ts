import { authSubjects, logInRequest, refreshRequest } from '@hark/contracts';
import { route } from './route';

export const sessionRoutes = [
  route({
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Log in',
    who: 'anyone',
    subject: authSubjects.logIn,
    body: logInRequest,
    data: ({ body }) => body,
    status: 201,
  }),
  route({
    method: 'POST',
    path: '/v1/sessions/refresh',
    summary: 'Trade the refresh token for a new pair',
    who: 'anyone',
    subject: authSubjects.refresh,
    body: refreshRequest,
    data: ({ body }) => body,
    status: 200,
  }),
];
