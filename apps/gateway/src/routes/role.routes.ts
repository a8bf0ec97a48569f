import { authSubjects, findUserRequest, listStaffRequest, roleRequest } from '@hark/contracts';
import { route } from './route';

const revoking = (role: 'operator' | 'admin') =>
  route({
    method: 'DELETE',
    path: `/v1/ops/users/:userId/roles/${role}`,
    summary: `Take back the role ${role} that was granted by hand`,
    access: 'admin',
    subject: authSubjects.revokeRole,
    data: ({ params }) => ({ ...params, role }),
    status: 200,
  });

export const roleRoutes = [
  route({
    method: 'GET',
    path: '/v1/ops/users',
    summary: 'List who is operator or admin, by whom and since when',
    access: 'admin',
    subject: authSubjects.listStaff,
    query: listStaffRequest,
    data: ({ query }) => query,
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/ops/users/find',
    summary: 'Find who proved an address or openid: exactly this one',
    access: 'admin',
    subject: authSubjects.findUser,
    body: findUserRequest,
    data: ({ body }) => body,
    status: 200,
  }),
  route({
    method: 'POST',
    path: '/v1/ops/users/:userId/roles',
    summary: 'Grant somebody the role operator or admin',
    access: 'admin',
    subject: authSubjects.grantRole,
    body: roleRequest.omit({ userId: true }),
    data: ({ params, body }) => ({ ...body, ...params }),
    status: 200,
  }),
  route({
    method: 'DELETE',
    path: '/v1/ops/users/:userId/totp',
    summary: 'Take a lost second factor off somebody else, who can then set up another',
    access: 'admin',
    subject: authSubjects.resetTotp,
    data: ({ params }) => params,
    status: 200,
  }),
  revoking('operator'),
  revoking('admin'),
];
