import { z } from 'zod';
import { appDigest, digest, quietHours, retentionDays, role } from './auth.events';
import { clientTime, credential, hash, level, line, locale, openid, shown, text, token, uuid, webUrl } from './fields';
import { page } from './paging';
import { redirectUri } from './redirect-uri';

/** Subjects of the auth service. Commands write, `list-`/`get-` read. */
export const authSubjects = {
  logIn: 'auth.log-in',
  sendLogInCode: 'auth.send-log-in-code',
  logInByCode: 'auth.log-in-by-code',
  openDeviceLogIn: 'auth.open-device-log-in',
  getDeviceLogIn: 'auth.get-device-log-in',
  approveDeviceLogIn: 'auth.approve-device-log-in',
  declineDeviceLogIn: 'auth.decline-device-log-in',
  logInByDevice: 'auth.log-in-by-device',
  refresh: 'auth.refresh',
  endSession: 'auth.end-session',
  endOtherSession: 'auth.end-other-session',
  listSessions: 'auth.list-sessions',
  checkSession: 'auth.check-session',
  getMe: 'auth.get-me',
  changeMe: 'auth.change-me',
  readWechatProfile: 'auth.read-wechat-profile',
  getTotp: 'auth.get-totp',
  enrolTotp: 'auth.enrol-totp',
  confirmTotp: 'auth.confirm-totp',
  stepUpSession: 'auth.step-up-session',
  removeTotp: 'auth.remove-totp',
  resetTotp: 'auth.reset-totp',
  listStaff: 'auth.list-staff',
  exportMe: 'auth.export-me',
  eraseMe: 'auth.erase-me',
  findUser: 'auth.find-user',
  grantRole: 'auth.grant-role',
  revokeRole: 'auth.revoke-role',
  registerApp: 'auth.register-app',
  listApps: 'auth.list-apps',
  findApps: 'auth.find-apps',
  tellApp: 'auth.tell-app',
  getApp: 'auth.get-app',
  getAppPublic: 'auth.get-app-public',
  changeApp: 'auth.change-app',
  rotateSecret: 'auth.rotate-secret',
  deleteApp: 'auth.delete-app',
  getProof: 'auth.get-proof',
  proveDomain: 'auth.prove-domain',
  claimMiniProgram: 'auth.claim-mini-program',
  offerTransfer: 'auth.offer-transfer',
  endTransfer: 'auth.end-transfer',
  acceptTransfer: 'auth.accept-transfer',
  listCallbacks: 'auth.list-callbacks',
  testCallback: 'auth.test-callback',
  rotateCallbackSecret: 'auth.rotate-callback-secret',
  openBindingRequest: 'auth.open-binding-request',
  getBindingRequest: 'auth.get-binding-request',
  approveBindingRequest: 'auth.approve-binding-request',
  declineBindingRequest: 'auth.decline-binding-request',
  exchangeCode: 'auth.exchange-code',
  getTerms: 'auth.get-terms',
  bind: 'auth.bind',
  listAppBindings: 'auth.list-app-bindings',
  confirmBinding: 'auth.confirm-binding',
  refuseBinding: 'auth.refuse-binding',
  presentKey: 'auth.present-key',
  listBindings: 'auth.list-bindings',
  getBinding: 'auth.get-binding',
  getReceipt: 'auth.get-receipt',
  listReceiptKeys: 'auth.list-receipt-keys',
  rotateReceiptKey: 'auth.rotate-receipt-key',
  changeBinding: 'auth.change-binding',
  unbind: 'auth.unbind',
  muteByLink: 'auth.mute-by-link',
  unbindByLink: 'auth.unbind-by-link',
  block: 'auth.block',
  unblock: 'auth.unblock',
  addEndpoint: 'auth.add-endpoint',
  verifyEndpoint: 'auth.verify-endpoint',
  renameEndpoint: 'auth.rename-endpoint',
  orderEndpoints: 'auth.order-endpoints',
  removeEndpoint: 'auth.remove-endpoint',
  listEndpoints: 'auth.list-endpoints',
  listEndpointKinds: 'auth.list-endpoint-kinds',
} as const;

/** `code` comes from `wx.login`: valid five minutes, single use (WeChat docs: code2Session). */
export const logInRequest = z.strictObject({ provider: z.literal('wechat'), code: token(512) });
/** Log-in by mail: asks for a code, then proves it. The channel checks the address (`@hark/channels`). */
export const sendLogInCodeRequest = z.strictObject({ provider: z.literal('email'), address: line(254) });
export const logInByCodeRequest = z.strictObject({ provider: z.literal('email'), challengeId: uuid, code: line(20) });
/** Log-in on a browser that somebody approves elsewhere (RFC 8628): asked again every few seconds until it is decided. */
export const logInByDeviceRequest = z.strictObject({ provider: z.literal('device'), deviceCode: token(200) });
/** Every way to log in. */
export const sessionRequest = z.union([logInRequest, sendLogInCodeRequest, logInByCodeRequest, logInByDeviceRequest]);
/** `publicUrl` is where the gateway is reached from outside. */
export const openDeviceLogInRequest = z.strictObject({ publicUrl: webUrl });
/** The code as the browser shows it; how it is written (case, dashes) does not matter. */
export const userCodeRequest = z.strictObject({ userCode: z.string() });
export const refreshRequest = z.strictObject({ refreshToken: token(300) });
export const sessionIdRequest = z.strictObject({ sessionId: uuid });
/** Only the gateway asks this, about an access token it has verified. */
export const checkSessionRequest = z.strictObject({
  sessionId: uuid,
  userId: uuid,
  rolesVersion: z.int().min(0),
});

/** What a person may change about themselves. */
export const changeMeRequest = z
  .strictObject({
    displayName: shown(line(50)).nullable().optional(),
    locale: locale.optional(),
    timeZone: z.string().refine(isTimeZone, "must be a time zone by IANA's name, such as Asia/Shanghai").optional(),
    quietHours: quietHours.optional(),
    digest: digest
      .nullable()
      .optional()
      .describe(
        'Messages ring together, at the end of each full `hour` or once a `day` at `at` (absent: 09:00), in your time zone. `null`: each by itself.',
      ),
    retentionDays: retentionDays
      .nullable()
      .optional()
      .describe('After so many days messages leave the inbox, unless they are kept. `null`: never.'),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something');
/** What `wx.getUserProfile` or a button gave: WeChat's encrypted data, and the raw data with its signature. */
export const wechatProfileRequest = z
  .strictObject({
    encryptedData: token(16_384),
    iv: token(64),
    rawData: text(16_384).optional(),
    signature: token(64).optional(),
  })
  .refine(({ rawData, signature }) => (rawData === undefined) === (signature === undefined), {
    path: ['signature'],
    message: 'must come with rawData, and rawData with it',
  });

/** Six digits of the authenticator, or a recovery code. */
export const totpCodeRequest = z.strictObject({ code: line(40) });
export const userIdRequest = z.strictObject({ userId: uuid });

/** An admin asks this about another person, named by the id that `GET /v1/me` shows to that person. */
export const listStaffRequest = z.strictObject({ ...page, role: role.optional() });
export const roleRequest = z.strictObject({ userId: uuid, role });
/** By an admin. In a body, so that no address stands in a log of addresses. */
export const findUserRequest = z
  .strictObject({
    email: line(254)
      .optional()
      .describe('An address that they log in with, or proved to receive at. The whole address.'),
    openid: openid.optional().describe('Their openid in the mini program of this hub.'),
  })
  .refine(({ email, openid: one }) => (email === undefined) !== (one === undefined), {
    path: ['email'],
    message: 'must be given, or an openid, but not both',
  });

/** By an operator. */
export const findAppsRequest = z.strictObject({
  ...page,
  search: line(100).optional().describe('The id of an app or of an owner, or a part of a name. Without it: all apps.'),
});
/** By a service, for an operator. */
export const tellAppRequest = z.strictObject({ appId: uuid });

const wechatAppId = z.string().regex(/^wx[0-9a-f]{16}$/, 'must be a WeChat appId');
const appName = shown(line(50));
const callbackUrl = webUrl.describe(
  'Called with what concerns the app, signed as Standard Webhooks has it. The answer holds its `callbackSecret`, once.',
);
export const registerAppRequest = z.strictObject({
  name: appName,
  description: shown(text(500)).optional(),
  homepage: webUrl.optional(),
  wechatAppId: wechatAppId
    .optional()
    .describe('A wish: until control of the mini program is proven it reserves nothing and reaches nobody.'),
  redirectUris: z
    .array(redirectUri)
    .max(10)
    .optional()
    .describe('Where people may be sent back to after a binding request; compared letter by letter.'),
  callbackUrl: callbackUrl.optional(),
});
/** An absent field stays, `null` takes it away. */
export const changeAppRequest = z.strictObject({
  appId: uuid,
  name: appName.optional(),
  description: shown(text(500)).nullable().optional(),
  homepage: webUrl.nullable().optional(),
  redirectUris: registerAppRequest.shape.redirectUris,
  callbackUrl: callbackUrl.nullable().optional(),
});
export const rotateSecretRequest = z.strictObject({
  appId: uuid,
  revokeNow: z.boolean().optional().describe('The secrets before it end at once instead of after 24 hours.'),
});
export const appIdRequest = z.strictObject({ appId: uuid });
/** The secret is shown to WeChat once and kept nowhere. */
export const claimMiniProgramRequest = z.strictObject({ wechatAppId, appSecret: token(128) });
export const offerTransferRequest = z.strictObject({
  appId: uuid,
  to: uuid.describe('The id that `GET /v1/me` shows to the person who is to own the app.'),
});
export const acceptTransferRequest = rotateSecretRequest;
export const listCallbacksRequest = z.strictObject({ ...page, appId: uuid });

const termsHash = hash
  .optional()
  .describe('The `hash` of the terms that were shown; refused when they read differently by now.');

/** `redirectUri` must be one that the app registered. A `codeChallenge` is S256 (RFC 7636). */
export const openBindingRequestBody = z
  .strictObject({
    openid,
    state: line(1_000).optional().describe('Handed back as it is beside the code.'),
    redirectUri: z.string().max(2_000).optional(),
    purpose: shown(line(200)).optional().describe('Shown to the person; moderated like every text.'),
    codeChallenge: z
      .string()
      .regex(/^[\w-]{43}$/, 'must be a SHA-256 in base64url')
      .optional(),
  })
  .refine(({ codeChallenge, redirectUri: back }) => codeChallenge === undefined || back !== undefined, {
    path: ['redirectUri'],
    message: 'is needed with a codeChallenge',
  });
/** `publicUrl` is where the gateway is reached from outside. */
export const openBindingRequestRequest = openBindingRequestBody.safeExtend({ credential, publicUrl: webUrl });
export const bindingRequestIdRequest = z.strictObject({ requestId: uuid });
export const approveBindingRequestRequest = z.strictObject({
  requestId: uuid,
  level: level.optional(),
  channels: z.array(uuid).max(50).optional().describe('Ids of own endpoints. Absent: every verified one.'),
  termsHash,
});
export const exchangeCodeBody = z.strictObject({
  code: credential,
  codeVerifier: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{43,128}$/, 'must be a code verifier of RFC 7636')
    .optional(),
});
export const exchangeCodeRequest = z.strictObject({ ...exchangeCodeBody.shape, credential });

/** The terms of the mini-program call, or of a registered app's. */
export const getTermsRequest = z
  .strictObject({ appId: uuid.optional(), wechatAppId: wechatAppId.optional(), appName: appName.optional() })
  .refine(
    ({ appId, wechatAppId: mini, appName: name }) => appId !== undefined || (mini !== undefined && name !== undefined),
    {
      path: ['appId'],
      message: 'is needed, or wechatAppId with appName',
    },
  );

/** With the mini-program form the source program is named; with the registered form the app. */
export const bindRequest = z.union([
  z.strictObject({ wechatAppId, appName, openid, level: level.optional(), termsHash }),
  z.strictObject({ appId: uuid, openid, level: level.optional(), termsHash }),
]);
export const listAppBindingsRequest = z.strictObject({ ...page, appId: uuid, credential });
/** `openid` is the app's name for the person; one that the binding does not have confirms nothing. */
export const confirmBindingBody = z.strictObject({ openid, key: credential.optional() });
export const confirmBindingRequest = z.strictObject({
  ...confirmBindingBody.shape,
  appId: uuid,
  bindingId: uuid,
  credential,
});
export const refuseBindingRequest = z.strictObject({ appId: uuid, bindingId: uuid, credential });
/** The intake service asks this when a push comes with the app's secret (`credential`) and a binding's key. */
export const presentKeyRequest = z.strictObject({ credential, key: credential, openid: openid.optional() });
export const bindingIdRequest = z.strictObject({ bindingId: uuid });
/** `publicUrl` names the hub in the receipt. */
export const getReceiptRequest = z.strictObject({ bindingId: uuid, publicUrl: webUrl });
export const changeBindingRequest = z.strictObject({
  bindingId: uuid,
  level: level.optional(),
  muted: z.boolean().optional(),
  mutedUntil: clientTime.optional(),
  channels: z.array(uuid).max(50).nullable().optional(),
  dailyCap: z.int().min(1).max(10_000).nullable().optional(),
  digest: appDigest
    .nullable()
    .optional()
    .describe('As `digest` of yourself, for this app; `never`: each by itself. `null`: as you want it of all apps.'),
  critical: z.boolean().optional(),
  readReceipts: z.boolean().optional(),
});
export const unbindRequest = z.strictObject({ bindingId: uuid });

const endpointFieldsMax = 20;
const endpointText = text(2_000);
const endpointField = z.union([endpointText, z.boolean(), z.int(), z.record(z.string(), endpointText)]);

/**
 * The endpoint's channel checks the kind's own fields (`@hark/channels`). Here they must only be few, flat and small.
 */
export const addEndpointRequest = z
  .object({ kind: z.string().regex(/^[a-z]{2,20}$/, 'must name a kind of endpoint') })
  .catchall(endpointField)
  .refine((fields) => Object.keys(fields).length <= endpointFieldsMax, `must have at most ${endpointFieldsMax} fields`)
  .refine((fields) => Object.keys(fields).every(isFieldName), 'must have fields with plain names');
export const verifyEndpointRequest = z.strictObject({ endpointId: uuid, code: line(20) });
export const renameEndpointRequest = z.strictObject({ endpointId: uuid, name: shown(line(200, 0)) });
export const orderEndpointsRequest = z.strictObject({
  endpointIds: z
    .array(uuid)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'must name each endpoint once'),
});
export const endpointIdRequest = z.strictObject({ endpointId: uuid });
export const noFields = z.strictObject({});

function isFieldName(name: string): boolean {
  return /^[a-z][A-Za-z0-9]{0,39}$/.test(name) && !(name in Object.prototype);
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
