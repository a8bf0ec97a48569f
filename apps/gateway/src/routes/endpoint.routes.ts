import { addEndpointRequest, authSubjects, verifyEndpointRequest } from '@hark/contracts';
import { route } from './route';

export const endpointRoutes = [
  route({
    method: 'GET',
    path: '/v1/endpoint-kinds',
    summary: 'Kinds of endpoint and their fields',
    who: 'anyone',
    subject: authSubjects.listEndpointKinds,
    data: () => ({}),
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/endpoints',
    summary: "One's own endpoints, secrets masked",
    who: 'user',
    subject: authSubjects.listEndpoints,
    data: () => ({}),
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/endpoints',
    summary: 'Add an endpoint; a code is sent through it',
    who: 'user',
    subject: authSubjects.addEndpoint,
    body: addEndpointRequest,
    data: ({ body }) => body,
    status: 201,
    creates: true,
  }),
  route({
    method: 'POST',
    path: '/v1/endpoints/:endpointId/verify',
    summary: 'Prove an endpoint with its code',
    who: 'user',
    subject: authSubjects.verifyEndpoint,
    body: verifyEndpointRequest.omit({ endpointId: true }),
    data: ({ params, body }) => ({ ...body, ...params }),
    status: 200,
  }),
  route({
    method: 'DELETE',
    path: '/v1/endpoints/:endpointId',
    summary: 'Remove an endpoint',
    who: 'user',
    subject: authSubjects.removeEndpoint,
    data: ({ params }) => params,
    status: 204,
  }),
];
