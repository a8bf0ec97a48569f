import { z } from 'zod';
import { authSubjects, bindRequest, changeBindingRequest, pageRequest } from '@hark/contracts';
import { route } from './route';

const unbindQuery = z.strictObject({ block: z.enum(['true', 'false']).optional() });

export const bindingRoutes = [
  route({
    method: 'POST',
    path: '/v1/bindings',
    summary: 'Grant an app consent (the mini-program way)',
    access: 'user',
    subject: authSubjects.bind,
    body: bindRequest,
    data: ({ body }) => body,
    status: 201,
    idempotent: true,
    location: (body) => `/v1/bindings/${(body.binding as { id: string }).id}`,
  }),
  route({
    method: 'GET',
    path: '/v1/bindings',
    summary: 'List your own bindings',
    access: 'user',
    subject: authSubjects.listBindings,
    query: pageRequest,
    data: ({ query }) => query,
    status: 200,
  }),
  route({
    method: 'GET',
    path: '/v1/bindings/:bindingId',
    summary: 'Read one binding of your own',
    access: 'user',
    subject: authSubjects.getBinding,
    data: ({ params }) => params,
    status: 200,
  }),
  route({
    method: 'PATCH',
    path: '/v1/bindings/:bindingId',
    summary: 'Change how loud a binding is: level, mute, channels, daily cap',
    access: 'user',
    subject: authSubjects.changeBinding,
    body: changeBindingRequest.omit({ bindingId: true }),
    data: ({ params, body }) => ({ ...body, ...params }),
    status: 200,
  }),
  route({
    method: 'DELETE',
    path: '/v1/bindings/:bindingId',
    summary: 'Unbind an app; with ?block=true refuse it from now on',
    access: 'user',
    subject: ({ query }) => (query.block === 'true' ? authSubjects.block : authSubjects.unbind),
    query: unbindQuery,
    data: ({ params }) => params,
    status: 204,
  }),
  route({
    method: 'DELETE',
    path: '/v1/blocks/:appId',
    summary: 'Lift the block of an app',
    access: 'user',
    subject: authSubjects.unblock,
    data: ({ params }) => params,
    status: 204,
  }),
];
