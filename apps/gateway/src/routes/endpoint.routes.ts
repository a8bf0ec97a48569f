import { addEndpointRequest, authSubjects, verifyEndpointRequest } from '@hark/contracts';
import { route } from './route';

export const endpointRoutes = [
  route({
    method: 'GET',
    path: '/v1/endpoint-kinds',
    summary: 'List the kinds of endpoint and their fields',
    access: 'anyone',
    subject: authSubjects.listEndpointKinds,
    data: () => ({}),
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/endpoints',
    summary: 'List your own endpoints, secrets masked',
    access: 'user',
    subject: authSubjects.listEndpoints,
    data: () => ({}),
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/endpoints',
    summary: 'Add an endpoint; a code is sent through it',
    access: 'user',
    subject: authSubjects.addEndpoint,
    body: addEndpointRequest,
    data: ({ body }) => body,
    status: 201,
    idempotent: true,
  }),
  route({
    method: 'POST',
    path: '/v1/endpoints/:endpointId/verify',
    summary: 'Verify an endpoint with the code that came through it',
    access: 'user',
    subject: authSubjects.verifyEndpoint,
    body: verifyEndpointRequest.omit({ endpointId: true }),
    data: ({ params, body }) => ({ ...body, ...params }),
    status: 200,
  }),
  route({
    method: 'DELETE',
    path: '/v1/endpoints/:endpointId',
    summary: 'Remove an endpoint',
    access: 'user',
    subject: authSubjects.removeEndpoint,
    data: ({ params }) => params,
    status: 204,
  }),
];
