import { Side } from './whole-hub.fixture';

/** How a route is called, for the authorisation matrix. */
export interface RouteExample {
  /** A body that the route takes; with the ids of whose it is, where it has some. */
  readonly body?: (side: Side) => Record<string, unknown>;
  /** The status of a call about one's own things, where it is not the route's own: what such a thing cannot do at that moment. */
  readonly own?: number;
  /** Foreign and unknown ids are answered like one's own: the card of an app that anyone may see, a block that is lifted. */
  readonly open?: true;
  /** Operators and admins see everybody's, though the row is not theirs alone. */
  readonly staff?: true;
  /** The body is another platform's, with fields that it may add to; the service takes from it what it knows. */
  readonly anyFields?: true;
}

const note = { body: () => ({ note: 'n' }) };

/**
 * Every row of the route table, by method and path. A new row needs a line here, else the matrix fails: `{}` is enough for
 * one without a body. Parameters of paths are taken from `Side.ids`; an id of a new kind is made in `WholeHub.side`.
 */
export const routeExamples: Readonly<Record<string, RouteExample>> = {
  'POST /v1/sessions': { body: () => ({ provider: 'wechat', code: 'nobody-has-this-code' }), own: 401 },
  'POST /v1/device-authorizations': {},
  // Whoever is shown the code may look, and say yes or no.
  'GET /v1/device-authorizations/:userCode': { open: true },
  'POST /v1/device-authorizations/:userCode/approve': { open: true },
  'POST /v1/device-authorizations/:userCode/decline': { open: true, own: 409 },
  'POST /v1/sessions/refresh': { body: () => ({ refreshToken: 'hrt_x' }), own: 401 },
  'GET /v1/sessions': {},
  'DELETE /v1/sessions/:sessionId': {},
  'DELETE /v1/sessions/current': {},
  'POST /v1/sessions/current/totp': { body: () => ({ code: '123456' }), own: 409 },
  'GET /v1/me/totp': {},
  'POST /v1/me/totp': {},
  'POST /v1/me/totp/confirm': { body: () => ({ code: '123456' }), own: 403 },
  'POST /v1/me/totp/remove': { body: () => ({ code: '123456' }), own: 403 },
  'GET /v1/me': {},
  'GET /v1/me/export': {},
  'DELETE /v1/me': {},
  // The later log-in of `WholeHub.side` has replaced this session's key at WeChat.
  'POST /v1/me/wechat-profile': { body: () => ({ encryptedData: 'AAAA', iv: 'AAAA' }), own: 409 },
  'PATCH /v1/me': { body: () => ({ locale: 'en' }) },

  'POST /v1/apps': { body: () => ({ name: 'Another one' }) },
  'GET /v1/apps': {},
  'GET /v1/apps/:appId': {},
  'PATCH /v1/apps/:appId': { body: () => ({ description: 'd' }) },
  'DELETE /v1/apps/:appId': {},
  'POST /v1/apps/:appId/secret': { body: () => ({}) },
  'GET /v1/apps/:appId/proof': { own: 422 },
  'POST /v1/apps/:appId/proof': { own: 422 },
  'POST /v1/claims': { body: () => ({ wechatAppId: 'wx0123456789abcdef', appSecret: 's' }), own: 422 },
  'POST /v1/apps/:appId/transfer': { body: ({ ids }) => ({ to: ids.userId }) },
  'DELETE /v1/apps/:appId/transfer': {},
  // Of nobody's but those to whom it was offered; here it was to none.
  'POST /v1/apps/:appId/transfer/accept': { body: () => ({ revokeNow: true }), own: 404 },
  'POST /v1/apps/:appId/callback-secret': { body: () => ({}), own: 422 },
  'GET /v1/apps/:appId/callbacks': {},
  'POST /v1/apps/:appId/callbacks/test': { own: 422 },
  'GET /v1/apps/:appId/public': { open: true },
  'GET /v1/apps/:appId/bindings': {},
  'POST /v1/apps/:appId/bindings/:bindingId/confirm': { body: ({ ids, key }) => ({ openid: ids.openid, key }) },
  'POST /v1/apps/:appId/bindings/:bindingId/refuse': {},
  'GET /v1/apps/:appId/standing': { staff: true },

  'POST /v1/binding-requests': { body: () => ({ openid: 'another' }) },
  // Whoever was given the link may look, and say yes or no.
  'GET /v1/binding-requests/:requestId': { open: true },
  'POST /v1/binding-requests/:requestId/approve': {
    body: () => ({ level: 'weak', termsHash: 'a'.repeat(64) }),
    open: true,
    own: 409,
  },
  'POST /v1/binding-requests/:requestId/decline': { open: true },
  'POST /v1/bindings/exchange': { body: () => ({ code: 'hbc_code' }), own: 422 },
  // It asks for an app in its query.
  'GET /v1/terms': { own: 400 },
  'POST /v1/bindings': {
    body: () => ({ wechatAppId: 'wx0123456789abcdef', appName: 'n', openid: 'o', level: 'strong' }),
  },
  'GET /v1/bindings': {},
  'GET /v1/bindings/:bindingId': {},
  'GET /v1/bindings/:bindingId/receipt': {},
  'GET /.well-known/jwks.json': {},
  'PATCH /v1/bindings/:bindingId': { body: () => ({ level: 'weak' }) },
  'DELETE /v1/bindings/:bindingId': {},
  'DELETE /v1/blocks/:appId': { open: true },

  'GET /v1/endpoint-kinds': {},
  'GET /v1/endpoints': {},
  'POST /v1/endpoints': { body: () => ({ kind: 'bark', deviceKey: 'another-device' }) },
  'POST /v1/endpoints/:endpointId/verify': { body: () => ({ code: '000000' }), own: 422 },
  'POST /v1/endpoints/:endpointId/test': { own: 409 },
  'POST /v1/endpoints/:endpointId/credits': { body: () => ({ results: { template: 'accept' } }), own: 409 },
  // Without a signature.
  'GET /v1/wechat/events': { own: 400 },
  'POST /v1/wechat/events': { body: () => ({ Event: 'e' }), own: 400, anyFields: true },
  'PATCH /v1/endpoints/order': { body: ({ ids }) => ({ endpointIds: [ids.endpointId] }) },
  'PATCH /v1/endpoints/:endpointId': { body: () => ({ name: 'n' }) },
  'DELETE /v1/endpoints/:endpointId': {},

  'POST /v1/pushes': { body: ({ ids }) => ({ body: 'b', openid: ids.openid }) },
  'POST /v1/pushes/batch': { body: () => ({ pushes: [{ body: 'b' }] }) },
  'POST /v1/pushes/preview': { body: ({ ids }) => ({ body: 'b', openid: ids.openid }) },
  'GET /v1/pushes': {},
  'GET /v1/pushes/stream': {},
  'GET /v1/pushes/:pushId': {},
  'PATCH /v1/pushes/:pushId': { body: () => ({ title: 'another' }) },
  'DELETE /v1/pushes/:pushId': {},

  'GET /v1/inbox': {},
  'GET /v1/inbox/unread': {},
  'POST /v1/inbox/batch': { body: () => ({ mark: 'read', where: {} }) },
  'GET /v1/inbox/stream': {},
  'GET /v1/inbox/:inboxItemId': {},
  'POST /v1/inbox/:inboxItemId/read': {},
  'POST /v1/inbox/:inboxItemId/unread': {},
  'POST /v1/inbox/:inboxItemId/acknowledge': {},
  'POST /v1/inbox/:inboxItemId/archive': {},
  'POST /v1/inbox/:inboxItemId/unarchive': {},
  'POST /v1/inbox/:inboxItemId/keep': {},
  'POST /v1/inbox/:inboxItemId/unkeep': {},
  'POST /v1/inbox/:inboxItemId/actions/:actionId': {},
  'POST /v1/inbox/read-all': {},

  'POST /v1/complaints': { body: ({ ids }) => ({ inboxItemId: ids.inboxItemId, reason: 'spam' }) },
  'GET /v1/complaints': {},
  'GET /v1/ops/complaints': {},
  'GET /v1/ops/complaints/:complaintId': {},
  'POST /v1/ops/complaints/:complaintId/uphold': { body: () => ({ severity: 'minor' }) },
  'POST /v1/ops/complaints/:complaintId/dismiss': { ...note, own: 409 },
  'POST /v1/apps/:appId/appeals': { body: ({ ids }) => ({ penaltyId: ids.appId, note: 'n' }), own: 404 },
  'GET /v1/ops/appeals': {},
  'POST /v1/ops/appeals/:complaintId/grant': { ...note, own: 404 },
  'POST /v1/ops/appeals/:complaintId/refuse': { ...note, own: 404 },
  'GET /v1/ops/apps': {},
  'GET /v1/ops/apps/:appId': {},
  'POST /v1/ops/apps/:appId/reinstate': { body: () => ({ note: 'n' }) },
  'GET /v1/ops/complaints/waiting': {},
  'GET /v1/ops/bans': {},
  'POST /v1/ops/apps/:appId/ban/reject': { ...note },
  'POST /v1/ops/apps/:appId/ban': { ...note, own: 409 },
  'GET /v1/ops/audit': {},
  // It asks for a stream in its query.
  'GET /v1/ops/audit/state': { own: 400 },
  'GET /v1/ops/health': {},
  'GET /v1/ops/parked': {},
  'POST /v1/ops/parked/replay': { body: () => ({ group: 'delivery.deliver-push' }) },
  'GET /v1/ops/rules': {},
  'PATCH /v1/ops/rules': { body: () => ({ added: [], removed: [], seen: 0 }) },
  'POST /v1/ops/rules/dry-run': { body: () => ({ added: [], removed: [] }) },
  'GET /v1/ops/reviews': {},
  'GET /v1/ops/reviews/waiting': {},
  'POST /v1/ops/reviews/:pushId/approve': { ...note, own: 404 },
  'POST /v1/ops/reviews/:pushId/reject': { ...note, own: 404 },

  'GET /v1/ops/users': {},
  'POST /v1/ops/users/find': { body: () => ({ email: 'nobody@mail.example' }) },
  'POST /v1/ops/users/:userId/roles': { body: () => ({ role: 'operator' }) },
  'DELETE /v1/ops/users/:userId/totp': {},
  'DELETE /v1/ops/users/:userId/roles/operator': {},
  'DELETE /v1/ops/users/:userId/roles/admin': {},
};
