import { z } from 'zod';
import { appDigest, digest, quietHours, retentionDays, role } from './auth.events';
import { hash, isoTime, level, locale, uuid } from './fields';
import { pageReply } from './paging';

const roles = z
  .array(z.enum(['user', ...role.options]))
  .readonly()
  .describe('Everybody has `user`; operators work the queues, admins grant roles.');
const seconds = z.int().min(0).describe('Seconds.');

export const sessionReply = z
  .strictObject({
    accessToken: z.string().describe('Sent as `Authorization: Bearer`.'),
    tokenType: z.literal('Bearer'),
    expiresIn: seconds,
    refreshToken: z
      .string()
      .describe(
        'Spent by `POST /v1/sessions/refresh`, which answers with a new one. Empty where a page of the hub itself asked for it in a cookie.',
      ),
    refreshExpiresIn: seconds,
    user: z.strictObject({ id: uuid, roles, displayName: z.string().optional() }),
  })
  .meta({ id: 'Session' });
export type SessionReply = z.infer<typeof sessionReply>;

export const logInCodeReply = z
  .strictObject({
    challengeId: uuid.describe('Sent back with the code that was mailed.'),
    expiresIn: seconds,
  })
  .meta({ id: 'LogInCode' });
export type LogInCodeReply = z.infer<typeof logInCodeReply>;

export const rolesView = z.strictObject({ id: uuid, roles }).meta({ id: 'Roles' });
export type RolesView = z.infer<typeof rolesView>;

/** Who was found by what they proved. */
export const foundUsers = z
  .strictObject({
    items: z
      .array(rolesView.extend({ by: z.string().describe('What they were found by, masked.') }))
      .max(20)
      .readonly(),
  })
  .meta({ id: 'FoundUsers' });
export type FoundUsers = z.infer<typeof foundUsers>;

/** Somebody who is operator or admin. */
export const staffView = rolesView
  .extend({
    grants: z
      .array(
        z.strictObject({ role, by: z.string().describe('`HARK_ADMINS`, the setting, or `user:<id>`.'), at: isoTime }),
      )
      .readonly(),
    secondFactor: z.boolean().describe('Whether they have set one up.'),
  })
  .meta({ id: 'Staff' });
export type StaffView = z.infer<typeof staffView>;
export const staffPage = pageReply(staffView).meta({ id: 'StaffPage' });

/** An app as operators find it. */
export const foundApp = z
  .strictObject({
    id: uuid,
    name: z.string(),
    ownerId: uuid.nullable(),
    verified: z.boolean(),
    deleted: z.boolean(),
    registeredAt: isoTime,
  })
  .meta({ id: 'FoundApp' });
export type FoundApp = z.infer<typeof foundApp>;
export const foundAppPage = pageReply(foundApp).meta({ id: 'FoundAppPage' });

/** Bindings of an app, counted as far as `bindingsMax`. */
const bindingCount = z.int().min(0);
/** What the auth service knows of an app, for operators. */
export const toldApp = z.strictObject({
  app: foundApp.extend({
    homepage: z.string().optional(),
    wechatAppId: z.string().optional(),
  }),
  others: z.array(foundApp).max(50).readonly().describe('The latest other apps of its owner, deleted ones too.'),
  bindings: z
    .strictObject({ active: bindingCount, unbound: bindingCount, blocked: bindingCount })
    .describe('The latest 100,000, by what they are now. Those of people who were erased are gone.'),
});
export type ToldApp = z.infer<typeof toldApp>;

export const meView = rolesView
  .extend({
    locale: locale.optional().describe('The language they are written to in; absent: not known, so Chinese.'),
    displayName: z.string().optional(),
    timeZone: z
      .string()
      .optional()
      .describe("By IANA's name. Absent: quiet hours and days are those of Asia/Shanghai."),
    quietHours: quietHours.readonly().optional().describe('Days from 1, Monday, to 7. Absent: none.'),
    digest: digest
      .readonly()
      .optional()
      .describe('When messages ring together, in your time zone; `at` absent: 09:00. Absent: each by itself.'),
    retentionDays: retentionDays
      .optional()
      .describe('After so many days messages leave the inbox, unless they are kept. Absent: never.'),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meView>;

/** What WeChat encrypted of a person, without the ids by which it knows them. */
export const wechatProfile = z
  .strictObject({
    nickName: z.string().optional(),
    gender: z.int().optional().describe("WeChat's: 0 not known, 1 male, 2 female."),
    language: z.string().optional(),
    city: z.string().optional(),
    province: z.string().optional(),
    country: z.string().optional(),
    avatarUrl: z.string().optional(),
    phoneNumber: z.string().optional(),
    purePhoneNumber: z.string().optional(),
    countryCode: z.string().optional(),
  })
  .meta({ id: 'WechatProfile' });
export type WechatProfile = z.infer<typeof wechatProfile>;

/** A session as its person sees it. */
/** A browser that waits to be logged in (RFC 8628 section 3.2). */
export const openedDeviceLogIn = z
  .strictObject({
    deviceCode: z.string().describe('For the browser alone: it is traded for the session.'),
    userCode: z.string().describe('What the person types or compares, such as `WDJB-MJHT`.'),
    verificationUri: z.string(),
    verificationUriComplete: z.string().describe('The same with the user code in it.'),
    qr: z.string().describe('`verificationUriComplete` as an SVG image of a QR code.'),
    expiresIn: z.int().describe('Seconds.'),
    interval: z.int().describe('Ask no more often than every so many seconds.'),
  })
  .meta({ id: 'DeviceLogIn' });
export type OpenedDeviceLogIn = z.infer<typeof openedDeviceLogIn>;

/** What the person who decides sees of the browser. */
export const deviceLogInView = z
  .strictObject({
    userCode: z.string(),
    device: z.string().optional().describe('As the browser calls itself, such as `Chrome 131, Windows`.'),
    place: z.string().optional().describe('The network it asks from, such as `203.0.113.0/24`.'),
    expiresAt: isoTime,
  })
  .meta({ id: 'WaitingBrowser' });
export type DeviceLogInView = z.infer<typeof deviceLogInView>;

export const deviceLogInDecision = z.strictObject({ approved: z.boolean() }).meta({ id: 'BrowserDecision' });
export type DeviceLogInDecision = z.infer<typeof deviceLogInDecision>;

export const sessionView = z
  .strictObject({
    id: uuid,
    current: z.boolean().describe('Whether it is the session of this call.'),
    provider: z.enum(['wechat', 'email', 'device']).describe('How it was begun; `device`: by scanning.'),
    device: z.string().optional().describe('As its browser or program calls itself, such as `Chrome 131, Windows`.'),
    place: z
      .string()
      .optional()
      .describe('The network it was begun from, such as `203.0.113.0/24`; never the whole address.'),
    startedAt: isoTime,
    lastUsedAt: isoTime.describe('To the quarter of an hour: when its tokens were made.'),
    expiresAt: isoTime.describe('When it ends at the latest; after two days without use it ends before.'),
  })
  .meta({ id: 'SessionOfMine' });
export type SessionView = z.infer<typeof sessionView>;

/** What the gateway is told of a session that lives. */
export const sessionCheck = z.strictObject({
  secondFactor: z.boolean().describe('Whether it may act as operator or admin.'),
});
export type SessionCheck = z.infer<typeof sessionCheck>;

export const totpView = z
  .strictObject({
    status: z
      .enum(['none', 'pending', 'active'])
      .describe('`pending`: until the first code of the authenticator was sent to `/v1/me/totp/confirm`.'),
    required: z.boolean().describe('Whether operators and admins need it at this hub.'),
    recoveryCodesLeft: z.int().min(0),
    steppedUpUntil: isoTime.optional().describe('Until when this session may act as operator or admin.'),
  })
  .meta({ id: 'SecondFactor' });
export type TotpView = z.infer<typeof totpView>;

export const enrolTotpReply = z
  .strictObject({
    secret: z.string().describe('Base32, shown once; only sealed it is kept.'),
    uri: z.string().describe('`otpauth://totp/…`, for an authenticator app.'),
    qr: z.string().describe('The same as a QR code: an SVG image.'),
  })
  .meta({ id: 'SecondFactorSecret' });
export type EnrolTotpReply = z.infer<typeof enrolTotpReply>;

export const confirmTotpReply = totpView
  .extend({
    recoveryCodes: z
      .array(z.string())
      .readonly()
      .describe('Each works once in the place of a code; shown once, only their hashes are kept.'),
  })
  .meta({ id: 'SecondFactorConfirmed' });
export type ConfirmTotpReply = z.infer<typeof confirmTotpReply>;
/** What becomes of an erasure. Nothing is decided for the person any more; their data goes within a minute. */
export const eraseMeReply = z
  .strictObject({
    status: z.literal('erasing'),
    finishedBy: isoTime.describe(
      'Everything about the person is gone by then. Logging in afterwards makes a new user.',
    ),
  })
  .meta({ id: 'Erasure' });
export type EraseMeReply = z.infer<typeof eraseMeReply>;

export const appPublicView = z
  .strictObject({
    id: uuid,
    name: z.string(),
    verified: z.boolean().describe('Whether the app has been proven to be who its name says.'),
    createdAt: isoTime,
  })
  .meta({ id: 'AppPublic' });
export type AppPublicView = z.infer<typeof appPublicView>;

/** What everybody may know before they consent. */
export const appCardView = appPublicView
  .extend({
    verifiedBy: z
      .strictObject({ domain: z.string().optional(), wechatAppId: z.string().optional() })
      .optional()
      .describe('What its owner has proven to control. Absent: nothing.'),
    standing: z
      .enum(['good', 'throttled', 'suspended', 'banned'])
      .describe("What upheld complaints came to for the app's owner."),
  })
  .meta({ id: 'AppCard' });
export type AppCardView = z.infer<typeof appCardView>;

/** How an owner proves control of the domain of their app's homepage: by either. */
export const proofView = z
  .strictObject({
    domain: z.string(),
    dns: z.strictObject({ name: z.string(), type: z.literal('TXT'), value: z.string() }),
    file: z.strictObject({ url: z.string(), content: z.string() }),
  })
  .meta({ id: 'Proof' });
export type ProofView = z.infer<typeof proofView>;

/** An app beside a binding. */
export const boundAppView = appPublicView
  .extend({
    nameBy: z
      .literal('caller')
      .optional()
      .describe("Nobody has claimed this app: `name` is only what the person's own client called it."),
    deleted: z.literal(true).optional().describe('Its owner has deleted it.'),
  })
  .meta({ id: 'BoundApp' });

export const appView = appPublicView
  .extend({
    ownerId: uuid,
    description: z.string().optional(),
    homepage: z.string().optional(),
    wechatAppId: z.string().optional(),
    wechatAppIdProven: z
      .boolean()
      .optional()
      .describe(
        'Beside `wechatAppId`: whether control of that mini program was proven. Until then it is a wish without effect.',
      ),
    redirectUris: z.array(z.string()).readonly(),
    callbackUrl: z.string().optional(),
    provenDomain: z.string().optional().describe('The domain of the homepage that the owner has proven to control.'),
    offeredTo: uuid.optional().describe('The person to whom the app was offered and who has not answered yet.'),
    secrets: z
      .array(
        z.strictObject({
          until: isoTime.optional().describe('Of a former one: until when it works.'),
          lastUsedOn: z.iso.date().optional().describe('The day (UTC). Absent: not within 400 days.'),
        }),
      )
      .readonly()
      .optional()
      .describe('Of one app alone: the secrets that work, the present one first. Never the secrets themselves.'),
  })
  .meta({ id: 'App' });
export type AppView = z.infer<typeof appView>;

const callbackSecret = z
  .string()
  .optional()
  .describe('`whsec_…`: signs the calls to a new `callbackUrl`. Shown once; another address gets another one.');

export const registerAppReply = z
  .strictObject({
    app: appView,
    secret: z.string().describe('`has_…`, shown once; only its hash is kept.'),
    callbackSecret,
  })
  .meta({ id: 'RegisteredApp' });
export type RegisterAppReply = z.infer<typeof registerAppReply>;

export const changeAppReply = appView.extend({ callbackSecret }).meta({ id: 'ChangedApp' });
export type ChangeAppReply = z.infer<typeof changeAppReply>;

export const rotateSecretReply = z
  .strictObject({
    secret: z.string().describe('`has_…`, shown once; only its hash is kept.'),
    oldSecretUntil: isoTime.optional().describe('Until when the secrets before it work. Absent: they work no longer.'),
  })
  .meta({ id: 'RotatedSecret' });
export type RotateSecretReply = z.infer<typeof rotateSecretReply>;

export const rotateCallbackSecretReply = z
  .strictObject({
    callbackSecret: z.string().describe('`whsec_…`, shown once.'),
    oldSecretUntil: isoTime
      .optional()
      .describe('Until when calls are signed with the secret before it too. Absent: they are no longer.'),
  })
  .meta({ id: 'RotatedCallbackSecret' });
export type RotateCallbackSecretReply = z.infer<typeof rotateCallbackSecretReply>;

/** A call to an app's server. */
export const callbackView = z
  .strictObject({
    id: uuid.describe('Comes as `webhook-id` with every try.'),
    type: z.string().describe('Such as `binding.bound`.'),
    status: z.enum(['pending', 'delivered', 'failed']),
    tries: z
      .array(
        z.strictObject({
          at: isoTime,
          status: z.int().optional().describe('The HTTP status of the answer, where there was one.'),
          reason: z.string().optional().describe('Why it failed: a stable word, such as `not-reached`.'),
        }),
      )
      .readonly(),
    retryAt: isoTime.optional().describe('When it is tried again.'),
    happenedAt: isoTime,
  })
  .meta({ id: 'Callback' });
export type CallbackView = z.infer<typeof callbackView>;

export const queuedCallbackReply = z.strictObject({ id: uuid }).meta({ id: 'QueuedCallback' });
export type QueuedCallbackReply = z.infer<typeof queuedCallbackReply>;

const bindingStatus = z
  .enum(['active', 'unbound', 'blocked'])
  .describe('`unbound`: consent was withdrawn. `blocked`: and the app is refused until its person lifts that.');

export const bindingView = z
  .strictObject({
    id: uuid,
    app: boundAppView,
    openid: z.string().describe("The app's own name for the person."),
    level: level.describe('`strong`: inbox and channels. `weak`: inbox, silent. `none`: refused.'),
    muted: z.boolean().describe('As `weak`, whatever the level.'),
    mutedUntil: isoTime.optional(),
    channels: z.array(uuid).readonly().nullable().describe('Ids of endpoints; null: every verified endpoint.'),
    dailyCap: z.int().optional().describe('The most pushes a day that are to ring. Absent: as many as come.'),
    digest: appDigest
      .readonly()
      .optional()
      .describe('When its messages ring together; `never`: each by itself. Absent: as you want it of all apps.'),
    critical: z
      .boolean()
      .describe('Whether its critical pushes are heard as such, in quiet hours too. Otherwise they are as `high`.'),
    readReceipts: z.boolean().describe('Whether the app is told when you read what it sent. False unless you say so.'),
    status: bindingStatus,
    endReason: z
      .enum(['app-deleted', 'person-erased'])
      .optional()
      .describe('Why it ended, where its person did not end it: `app-deleted`, its app is no more.'),
    boundAt: isoTime,
    keyLastUsedOn: z.iso
      .date()
      .optional()
      .describe('Of one binding alone: the day (UTC) on which its key was last used. Absent: not within 400 days.'),
  })
  .meta({ id: 'Binding' });
export type BindingView = z.infer<typeof bindingView>;

export const bindReply = z
  .strictObject({
    key: z.string().describe('`hk_…`, shown once; only its hash is kept.'),
    bind: z.literal(true),
    errMsg: z.literal(''),
    binding: bindingView,
  })
  .meta({ id: 'Bound' });
export type BindReply = z.infer<typeof bindReply>;

export const termsView = z
  .strictObject({
    version: z.int().min(1),
    language: locale,
    text: z.string().describe('What the person agrees to. Show it as it is.'),
    hash: hash.describe('SHA-256 of the text. Send it as `termsHash` with the agreement.'),
  })
  .meta({ id: 'Terms' });
export type TermsView = z.infer<typeof termsView>;

export const openedBindingRequest = z
  .strictObject({
    id: uuid,
    url: z.string().describe('The page where the person decides.'),
    qr: z.string().describe('The same as an SVG image of a QR code.'),
    expiresAt: isoTime,
  })
  .meta({ id: 'OpenedBindingRequest' });
export type OpenedBindingRequest = z.infer<typeof openedBindingRequest>;

/** What the page shows to the person who decides. */
export const bindingRequestView = z
  .strictObject({
    app: appPublicView,
    purpose: z.string().optional().describe("The app's own word."),
    openidHint: z.string().describe('The ends of the openid, so that a person can recognise their own.'),
    domain: z.string().optional().describe('The host that the person is sent back to.'),
    terms: termsView,
    expiresAt: isoTime,
  })
  .meta({ id: 'BindingRequest' });
export type BindingRequestView = z.infer<typeof bindingRequestView>;

const back = z.string().optional().describe('Where to send the person, with the code or the refusal and `state`.');

export const approvedReply = z
  .strictObject({ bind: z.literal(true), errMsg: z.literal(''), redirectTo: back, binding: bindingView })
  .meta({ id: 'ApprovedBindingRequest' });
export type ApprovedReply = z.infer<typeof approvedReply>;

export const declinedReply = z
  .strictObject({ bind: z.literal(false), errMsg: z.string(), redirectTo: back })
  .meta({ id: 'DeclinedBindingRequest' });
export type DeclinedReply = z.infer<typeof declinedReply>;

export const exchangedReply = z
  .strictObject({
    key: z.string().describe('`hk_…`, shown once; only its hash is kept.'),
    bind: z.literal(true),
    errMsg: z.literal(''),
    bindingId: uuid,
    openid: z.string(),
  })
  .meta({ id: 'ExchangedCode' });
export type ExchangedReply = z.infer<typeof exchangedReply>;

export const receiptView = z
  .strictObject({
    receipt: z
      .string()
      .describe('A JWS (RFC 7515, EdDSA). Check it with `/.well-known/jwks.json` or `hark receipt verify FILE`.'),
  })
  .meta({ id: 'Receipt' });
export type ReceiptView = z.infer<typeof receiptView>;

const receiptJwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});
export type ReceiptJwk = z.infer<typeof receiptJwk>;
export const receiptJwks = z.strictObject({ keys: z.array(receiptJwk).readonly() }).meta({ id: 'ReceiptKeys' });
export type ReceiptJwks = z.infer<typeof receiptJwks>;

/** What an app sees of a person's binding. */
export const appBindingView = z
  .strictObject({
    bindingId: uuid,
    openid: z.string(),
    status: bindingStatus,
    confirmed: z
      .boolean()
      .describe(
        'Whether the app has said that this person is who it means by the openid: only then its secret reaches them.',
      ),
    boundAt: isoTime,
  })
  .meta({ id: 'AppBinding' });
export type AppBindingView = z.infer<typeof appBindingView>;

export const endpointView = z
  .strictObject({
    id: uuid,
    kind: z.string(),
    status: z
      .enum(['unverified', 'verified', 'failed', 'disabled'])
      .describe(
        '`failed`: the code did not come. `disabled`: nothing is sent through it until it is verified anew. `reason` says why.',
      ),
    reason: z.string().optional().describe('A stable word, such as `recipient-gone`.'),
    detail: z.string().optional().describe("What the reason says, in the reader's language."),
    fields: z.record(z.string(), z.string()).readonly().describe("The kind's own fields, secrets masked."),
    name: z.string().optional().describe('What you call it.'),
    rank: z
      .int()
      .optional()
      .describe('Its place among those that are tried one after the other. Absent: every push goes to it.'),
    lastTrouble: z
      .strictObject({ reason: z.string(), detail: z.string().optional(), at: isoTime })
      .optional()
      .describe('Why a message did not arrive through it last, at most once a day for each reason.'),
    addedAt: isoTime,
    challengeExpiresAt: isoTime.optional().describe('Until when the code that was sent is taken.'),
    challengeRetryAt: isoTime
      .optional()
      .describe("When the code is sent again that the endpoint's server has not taken yet, at the earliest."),
  })
  .meta({ id: 'Endpoint' });
export type EndpointView = z.infer<typeof endpointView>;

/** The endpoints that are tried one after the other, in that order. */
export const endpointOrderReply = z
  .strictObject({ endpointIds: z.array(uuid).readonly() })
  .meta({ id: 'EndpointOrder' });
export type EndpointOrderReply = z.infer<typeof endpointOrderReply>;

/** A kind of endpoint with the fields that adding one takes. */
export const endpointKindView = z
  .strictObject({
    kind: z.string(),
    fields: z
      .array(
        z.strictObject({
          name: z.string(),
          type: z.string().describe('`string`, `boolean` or `object`.'),
          required: z.boolean(),
          secret: z.boolean().describe('Never shown again in full.'),
        }),
      )
      .readonly(),
    applicationServerKey: z
      .string()
      .optional()
      .describe(
        'For `webpush`: the key that a browser subscribes with (Push API). The fields come from the subscription.',
      ),
  })
  .meta({ id: 'EndpointKind' });
export type EndpointKindView = z.infer<typeof endpointKindView>;

export const sessionPage = pageReply(sessionView).meta({ id: 'SessionPage' });
export const appPage = pageReply(appView).meta({ id: 'AppPage' });
export const callbackPage = pageReply(callbackView).meta({ id: 'CallbackPage' });
export const bindingPage = pageReply(bindingView).meta({ id: 'BindingPage' });
export const appBindingPage = pageReply(appBindingView).meta({ id: 'AppBindingPage' });
export const endpointPage = pageReply(endpointView).meta({ id: 'EndpointPage' });
export const endpointKindsReply = z
  .strictObject({ items: z.array(endpointKindView).readonly() })
  .meta({ id: 'EndpointKinds' });
export type EndpointKindsReply = z.infer<typeof endpointKindsReply>;
