import { z } from 'zod';
import {
  AppBindingView,
  AppCase,
  AppPublicView,
  ApprovedReply,
  AppView,
  AuditView,
  authSubjects,
  BindingRequestView,
  BindingView,
  BindReply,
  ComplaintCase,
  complaintsSubjects,
  ComplaintView,
  DeclinedReply,
  deliverySubjects,
  EndpointKindsReply,
  EndpointView,
  ExchangedReply,
  FoundApp,
  FoundUsers,
  HeldView,
  HubHealth,
  InboxItemMark,
  InboxItemView,
  InboxPage,
  intakeSubjects,
  LogInCodeReply,
  MeView,
  moderationSubjects,
  OpenedBindingRequest,
  Page,
  ParkedEventsView,
  ProposedBan,
  PushReply,
  PushSummary,
  PushView,
  ReadAllReply,
  RegisterAppReply,
  ReplayReply,
  RolesView,
  RulesTrial,
  RulesView,
  SessionReply,
  SessionView,
  StaffView,
  StandingView,
  StreamState,
  TermsView,
  TogetherRule,
  TotpView,
  UpholdReply,
  WechatProfile,
} from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { pushBatchAnswer } from '../http/ask-in-parts';
import { problemOf } from '../http/problem';

/** An id that is always the same. */
export const exampleId = (number: number): string => `0193a5c2-7a41-7c0e-8f10-${String(number).padStart(12, '0')}`;
const id = {
  user: exampleId(1),
  app: exampleId(2),
  binding: exampleId(3),
  endpoint: exampleId(4),
  push: exampleId(5),
  complaint: exampleId(6),
  operator: exampleId(7),
  request: exampleId(8),
  penalty: exampleId(14),
};
const at = '2026-12-01T09:00:00.000Z';
const later = '2026-12-01T09:00:02.000Z';
const page = <Item>(item: Item): Page<Item> => ({ items: [item], nextCursor: null });

const session: SessionReply = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzYTVjMiJ9.c2lnbmF0dXJl',
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshToken: 'hr_0193a5c27a417c0e8f10000000000008_c2VjcmV0',
  refreshExpiresIn: 172_800,
  user: { id: id.user, roles: ['user'] },
};
const secondFactor: TotpView = { status: 'active', required: true, recoveryCodesLeft: 10, steppedUpUntil: later };
const sessionOfMine: SessionView = {
  id: exampleId(10),
  current: true,
  provider: 'wechat',
  device: 'WeChat 8, Android',
  place: '203.0.113.0/24',
  startedAt: at,
  lastUsedAt: later,
  expiresAt: '2026-12-31T09:00:00.000Z',
};
const profile: WechatProfile = {
  nickName: 'Band',
  gender: 1,
  language: 'zh_CN',
  avatarUrl: 'https://thirdwx.qlogo.cn/0',
};
const logInCode: LogInCodeReply = { challengeId: exampleId(8), expiresIn: 600 };
const me: MeView = { id: id.user, roles: ['user'], locale: 'en' };
const roles: RolesView = { id: id.user, roles: ['user', 'operator'] };
const appPublic: AppPublicView = { id: id.app, name: 'Repairs 报修', verified: false, createdAt: at };
const app: AppView = {
  ...appPublic,
  ownerId: id.user,
  description: 'Tells you when the engineer comes.',
  redirectUris: [],
};
const registered: RegisterAppReply = { app, secret: 'has_0193a5c27a417c0e8f10000000000002_c2VjcmV0' };
const binding: BindingView = {
  id: id.binding,
  app: appPublic,
  openid: 'customer-1024',
  level: 'strong',
  muted: false,
  channels: [id.endpoint],
  critical: false,
  readReceipts: false,
  status: 'active',
  boundAt: at,
};
const bound: BindReply = { key: 'hk_0193a5c27a417c0e8f10000000000003_c2VjcmV0', bind: true, errMsg: '', binding };
const terms: TermsView = {
  version: 1,
  language: 'en',
  text: '“Repairs 报修” (not verified) asks to send you messages.',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};
const opened: OpenedBindingRequest = {
  id: id.request,
  url: `https://hark.example/consent/${id.request}`,
  qr: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"></svg>',
  expiresAt: '2026-12-01T09:10:00.000Z',
};
const request: BindingRequestView = {
  app: appPublic,
  purpose: 'The progress of your repairs',
  openidHint: 'cu••••24',
  domain: 'repairs.example',
  terms,
  expiresAt: opened.expiresAt,
};
const code = 'hbc_0193a5c27a417c0e8f10000000000008_c2VjcmV0';
const backAt = `https://repairs.example/bound?code=${code}&state=af0ifjsldkj`;
const approved: ApprovedReply = { bind: true, errMsg: '', redirectTo: backAt, binding };
const declined: DeclinedReply = {
  bind: false,
  errMsg: 'the person declined',
  redirectTo: 'https://repairs.example/bound?error=access_denied&state=af0ifjsldkj',
};
const exchanged: ExchangedReply = {
  key: bound.key,
  bind: true,
  errMsg: '',
  bindingId: id.binding,
  openid: 'customer-1024',
};
const appBinding: AppBindingView = {
  bindingId: id.binding,
  openid: 'customer-1024',
  status: 'active',
  confirmed: true,
  boundAt: at,
};
const endpoint: EndpointView = {
  id: id.endpoint,
  kind: 'email',
  status: 'unverified',
  fields: { address: 'a***@example.org' },
  addedAt: at,
  challengeExpiresAt: '2026-12-01T09:10:00.000Z',
};
const kinds: EndpointKindsReply = {
  items: [
    { kind: 'email', fields: [{ name: 'address', type: 'string', required: true, secret: false }] },
    {
      kind: 'webpush',
      fields: ['endpoint', 'p256dh', 'auth'].map((name) => ({ name, type: 'string', required: true, secret: true })),
      applicationServerKey: `B${'A'.repeat(86)}`,
    },
  ],
};
const accepted: PushReply = { id: id.push, status: 'accepted' };
const batch: z.infer<typeof pushBatchAnswer> = {
  results: [accepted, { error: problemOf(new HarkError('refused', 'binding.ended', ''), exampleId(9), 'en') }],
};
const push: PushView = {
  id: id.push,
  status: 'delivered',
  timeline: [
    { event: 'message.pushed', at },
    { event: 'moderation.passed', at },
    { event: 'delivery.filed', at },
    { event: 'delivery.sent', at: later, channel: 'email' },
    { event: 'delivery.finished', at: later },
  ],
  recipients: [{ openid: 'customer-1024', status: 'delivered' }],
};
const pushSummary: PushSummary = { id: id.push, status: 'delivered', pushedAt: at, recipients: push.recipients };
const message: InboxItemView = {
  id: id.push,
  pushId: id.push,
  app: { id: id.app, name: appPublic.name, verified: false },
  bindingId: id.binding,
  title: '工单 1024',
  body: '工程师已出发',
  tags: ['ticket'],
  thread: 'ticket-1024',
  pushedAt: at,
  receivedAt: at,
  why: { level: 'strong', reason: 'delivered' },
};
const inbox: InboxPage = {
  ...page<InboxItemView>({
    ...message,
    step: { index: 2, of: 6, label: '已出发' },
    threadState: {
      messages: 2,
      unread: 1,
      step: { index: 2, of: 6, label: '已出发' },
      steps: [
        { index: 1, label: '已派单', inboxItemId: exampleId(12), receivedAt: at },
        { index: 2, label: '已出发', inboxItemId: id.push, receivedAt: later },
      ],
    },
  }),
  unread: 1,
};
const read: InboxItemMark = { id: id.push, readAt: later };
const readAll: ReadAllReply = { read: 200, unread: 17 };
const complaint: ComplaintView = {
  id: id.complaint,
  status: 'open',
  inboxItemId: id.push,
  reason: 'spam',
  complainedAt: at,
};
const complaintCase: ComplaintCase = {
  ...complaint,
  appId: id.app,
  appName: appPublic.name,
  ownerId: id.user,
  history: [{ event: 'complaint.complained', at }],
  costsPoints: true,
  outcomes: [
    { severity: 'minor', points: 11, status: 'good' },
    { severity: 'major', points: 9, status: 'good' },
    { severity: 'severe', points: 6, status: 'throttled' },
  ],
  evidence: { title: '工单 1024', body: '工程师已出发', pushedAt: at, sentBy: 'app' },
};
const standing: StandingView = {
  points: 11,
  status: 'good',
  history: [
    {
      event: 'standing.penalized',
      at: later,
      severity: 'minor',
      points: 1,
      left: 11,
      penaltyId: id.penalty,
      appId: id.app,
      reason: 'spam',
      appealableUntil: '2027-05-30T09:00:00.000Z',
    },
  ],
};
const lifted: StandingView = {
  points: 12,
  status: 'good',
  history: [{ event: 'standing.penalty-lifted', at: later, left: 12, penaltyId: id.penalty }],
};
const decided = { status: 'upheld', decidedAt: later, severity: 'minor' } as const;
const upheld: UpholdReply = { complaint: { ...complaintCase, ...decided }, standing };
const dismissed: UpholdReply = { complaint: { ...complaintCase, status: 'dismissed', decidedAt: later } };
const appealed: ComplaintCase = {
  ...upheld.complaint,
  appeal: {
    status: 'open',
    appealedAt: later,
    note: 'The recipient had ordered it.',
    ifGranted: { points: 12, status: 'good' },
  },
};
const appealDecided = (status: 'granted' | 'refused'): ComplaintCase => ({
  ...upheld.complaint,
  appeal: { status, appealedAt: later, decidedAt: later, note: 'The recipient had ordered it.' },
});
const found: FoundApp = {
  id: id.app,
  name: appPublic.name,
  ownerId: id.user,
  verified: true,
  deleted: false,
  registeredAt: at,
};
const roleGranted: AuditView = {
  id: exampleId(8),
  stream: `user-${id.user}`,
  revision: 1,
  position: '48213',
  type: 'user.role-granted',
  at,
  actor: `user:${id.operator}`,
  data: { role: 'operator', by: `user:${id.operator}`, at },
};
const ban: ProposedBan = {
  appId: id.app,
  appName: appPublic.name,
  ownerId: id.user,
  points: 0,
  proposedBy: id.operator,
  proposedAt: at,
  until: '2026-12-08T09:00:00.000Z',
  complaintId: id.complaint,
  severity: 'severe',
};
const brushing: TogetherRule = { groups: [['私聊'], ['副业', '返现']], within: 20, label: 'ads', then: 'hold' };
const rules: RulesView = {
  version: 'local-3a5c0e91d2b4',
  changes: 1,
  added: [{ phrase: 'hot tip', kind: 'word', label: 'ads', then: 'hold' }],
  removed: [],
  together: { added: [brushing], removed: [] },
  builtIn: [
    {
      label: 'ads',
      then: 'hold',
      words: ['代开发票'],
      domains: [],
      together: 1,
      togetherRules: [
        {
          id: '5f0c8e2a71bd',
          groups: [
            ['加微信', '加qq'],
            ['刷单', '日赚'],
          ],
          within: 30,
        },
      ],
    },
  ],
  history: [{ at, by: id.operator, added: 1, removed: 0, remark: 'Seen since Monday' }],
};
const held: HeldView = {
  pushId: id.push,
  appId: id.app,
  appName: appPublic.name,
  status: 'held',
  label: 'fraud',
  body: '加我微信领奖',
  matched: ['领奖'],
  excerpts: ['领奖'],
  heldAt: at,
  history: [{ event: 'moderation.held', at, label: 'fraud' }],
};

/** An answer to each subject that a route asks. Tests hold them to the schemas. */
export const replyExamples: Readonly<Record<string, unknown>> = {
  [authSubjects.logIn]: session,
  [authSubjects.sendLogInCode]: logInCode,
  [authSubjects.openDeviceLogIn]: {
    deviceCode: `hdc_${'0'.repeat(32)}_${'x'.repeat(43)}`,
    userCode: 'WDJB-MJHT',
    verificationUri: 'https://hark.example/device',
    verificationUriComplete: 'https://hark.example/device?code=WDJB-MJHT',
    qr: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    expiresIn: 600,
    interval: 5,
  },
  [authSubjects.getDeviceLogIn]: {
    userCode: 'WDJB-MJHT',
    device: 'Chrome 131, Windows',
    place: '203.0.113.0/24',
    expiresAt: later,
  },
  [authSubjects.approveDeviceLogIn]: { approved: true },
  [authSubjects.declineDeviceLogIn]: { approved: false },
  [authSubjects.listSessions]: page(sessionOfMine),
  [authSubjects.refresh]: session,
  [authSubjects.getMe]: me,
  [authSubjects.changeMe]: me,
  [authSubjects.readWechatProfile]: profile,
  [authSubjects.getTotp]: secondFactor,
  [authSubjects.enrolTotp]: {
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    uri: `otpauth://totp/Hark:${id.operator}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hark&algorithm=SHA1&digits=6&period=30`,
    qr: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  },
  [authSubjects.confirmTotp]: { ...secondFactor, recoveryCodes: ['abcd-efgh-ijkl-mnop'] },
  [authSubjects.stepUpSession]: secondFactor,
  [authSubjects.removeTotp]: { status: 'none', required: true, recoveryCodesLeft: 0 },
  [authSubjects.resetTotp]: roles,
  [authSubjects.listStaff]: page<StaffView>({
    id: id.operator,
    roles: ['user', 'operator'],
    grants: [{ role: 'operator', by: `user:${id.user}`, at }],
    secondFactor: true,
  }),
  [authSubjects.exportMe]: {
    exportedAt: at,
    me,
    logIn: { provider: 'email', subject: 'ann@example.org' },
    blockedApps: [],
    sessions: [sessionOfMine],
    endpoints: [endpoint],
    bindings: [binding],
    apps: [],
    inbox: [message],
    complaints: [{ ...complaint, note: 'I never bought anything there.' }],
    appeals: [
      { penaltyId: id.penalty, appId: id.app, status: 'open', appealedAt: later, note: 'It had been ordered.' },
    ],
    nextCursor: null,
  },
  [authSubjects.eraseMe]: { status: 'erasing', finishedBy: later },
  [authSubjects.findUser]: { items: [{ id: id.user, roles: ['user'], by: 'a•••@m•••' }] } satisfies FoundUsers,
  [authSubjects.grantRole]: roles,
  [authSubjects.revokeRole]: { ...roles, roles: ['user'] },
  [authSubjects.registerApp]: registered,
  [authSubjects.findApps]: page<FoundApp>(found),
  [authSubjects.listApps]: page(app),
  [authSubjects.getApp]: app,
  [authSubjects.getAppPublic]: {
    ...appPublic,
    verified: true,
    verifiedBy: { domain: 'repairs.example' },
    standing: 'good',
  },
  [authSubjects.getProof]: {
    domain: 'repairs.example',
    dns: { name: '_hark-claim.repairs.example', type: 'TXT', value: 'hark-claim=c2VjcmV0' },
    file: { url: 'https://repairs.example/.well-known/hark-claim', content: 'hark-claim=c2VjcmV0' },
  },
  [authSubjects.proveDomain]: {
    ...app,
    verified: true,
    homepage: 'https://repairs.example/',
    provenDomain: 'repairs.example',
  },
  [authSubjects.claimMiniProgram]: registered,
  [authSubjects.offerTransfer]: { ...app, offeredTo: exampleId(11) },
  [authSubjects.acceptTransfer]: registered,
  [authSubjects.changeApp]: app,
  [authSubjects.listCallbacks]: page({
    id: exampleId(10),
    type: 'binding.bound',
    status: 'delivered',
    tries: [{ at: later, status: 204 }],
    happenedAt: at,
  }),
  [authSubjects.testCallback]: { id: exampleId(10) },
  [authSubjects.rotateCallbackSecret]: {
    callbackSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    oldSecretUntil: '2026-12-02T09:00:00.000Z',
  },
  [authSubjects.rotateSecret]: { secret: registered.secret, oldSecretUntil: '2026-12-02T09:00:00.000Z' },
  [authSubjects.openBindingRequest]: opened,
  [authSubjects.getBindingRequest]: request,
  [authSubjects.approveBindingRequest]: approved,
  [authSubjects.declineBindingRequest]: declined,
  [authSubjects.exchangeCode]: exchanged,
  [authSubjects.getTerms]: terms,
  [authSubjects.bind]: bound,
  [authSubjects.listAppBindings]: page(appBinding),
  [authSubjects.confirmBinding]: appBinding,
  [authSubjects.refuseBinding]: { ...appBinding, status: 'unbound', confirmed: false },
  [authSubjects.listBindings]: page(binding),
  [authSubjects.getBinding]: binding,
  [authSubjects.getReceipt]: {
    receipt: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImNvbnNlbnQtcmVjZWlwdCtqd3MifQ.eyJwZXJzb24iOiIifQ.c2ln',
  },
  // The key of RFC 8037, appendix A.2.
  [authSubjects.listReceiptKeys]: {
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
        alg: 'EdDSA',
        use: 'sig',
      },
    ],
  },
  [authSubjects.changeBinding]: binding,
  [authSubjects.addEndpoint]: endpoint,
  [authSubjects.verifyEndpoint]: { ...endpoint, status: 'verified', challengeExpiresAt: undefined },
  [authSubjects.renameEndpoint]: { ...endpoint, name: 'Home', status: 'verified', challengeExpiresAt: undefined },
  [authSubjects.orderEndpoints]: { endpointIds: [id.endpoint] },
  [authSubjects.listEndpoints]: page(endpoint),
  [authSubjects.listEndpointKinds]: kinds,
  [intakeSubjects.push]: accepted,
  [intakeSubjects.editPush]: { ...accepted, status: 'scheduled' },
  [intakeSubjects.pushBatch]: batch,
  [intakeSubjects.previewPush]: {
    at,
    moderation: { verdict: 'passed' },
    recipients: [
      {
        openid: 'customer-1024',
        decision: 'defer',
        reason: 'quiet-hours',
        reasonText: '用户处于安静时段',
        until: later,
        channels: ['bark', 'email'],
        priority: 'high',
        reminders: [{ at: later, decision: 'deliver', channels: ['bark', 'email'], priority: 'high' }],
      },
      { openid: 'supervisor-7', at: later, decision: 'deliver', channels: ['bark'], priority: 'high' },
    ],
  },
  [intakeSubjects.getPush]: push,
  [intakeSubjects.listPushes]: page(pushSummary),
  [intakeSubjects.pushChanges]: {
    topic: id.app,
    next: '8131-message',
    changes: [{ event: 'status', position: '8131-message', data: pushSummary }],
  },
  [moderationSubjects.listHeld]: page(held),
  [moderationSubjects.countHeld]: { waiting: 3 },
  [moderationSubjects.getRules]: rules,
  [moderationSubjects.changeRules]: rules,
  [moderationSubjects.tryRules]: {
    version: 'local-9f1c2b7a6d5e',
    texts: 500,
    seen: 500,
    changed: { blocked: 0, held: 1, eased: 0, released: 0 },
    items: [
      {
        pushId: id.push,
        appId: id.app,
        edition: 0,
        at,
        before: { verdict: 'passed' },
        after: { verdict: 'held', label: 'ads' },
        excerpts: ['Today only: hot tip for •• people'],
      },
    ],
    nextCursor: null,
  } satisfies RulesTrial,
  [moderationSubjects.approve]: { pushId: id.push, status: 'approved' },
  [moderationSubjects.reject]: { pushId: id.push, status: 'rejected' },
  [deliverySubjects.listInbox]: inbox,
  [deliverySubjects.getInboxItem]: {
    ...message,
    why: { ...message.why, channels: [{ endpointId: id.endpoint, channel: 'bark', outcome: 'sent' }] },
  },
  [deliverySubjects.inboxChanges]: {
    topic: id.user,
    next: '8131-delivery',
    changes: [
      { event: 'filed', position: '8127-delivery', data: message },
      { event: 'recalled', position: '8131-delivery', data: { id: id.push } },
    ],
  },
  [deliverySubjects.read]: read,
  [deliverySubjects.acknowledge]: read,
  [deliverySubjects.archive]: read,
  [deliverySubjects.unarchive]: read,
  [deliverySubjects.keep]: { ...read, keptAt: later },
  [deliverySubjects.unkeep]: read,
  [deliverySubjects.takeAction]: read,
  [deliverySubjects.unread]: { id: id.push },
  [deliverySubjects.readAll]: readAll,
  [deliverySubjects.markMany]: { marked: 200, left: 17 },
  [deliverySubjects.countUnread]: { unread: 3, apps: [{ appId: id.app, unread: 3 }] },
  [deliverySubjects.grantCredits]: { credits: 3 },
  [deliverySubjects.checkWechatUrl]: '4375120948345356249',
  [deliverySubjects.takeWechatEvent]: 'success',
  [deliverySubjects.testEndpoint]: { outcome: 'ok', detail: 'It took the message: look there now.' },
  [complaintsSubjects.complain]: complaint,
  [complaintsSubjects.listMine]: page({ ...complaint, note: 'I never bought anything there.' }),
  [complaintsSubjects.listQueue]: page(complaintCase),
  [complaintsSubjects.getComplaint]: complaintCase,
  [complaintsSubjects.uphold]: upheld,
  [complaintsSubjects.dismiss]: dismissed,
  [complaintsSubjects.appeal]: { penaltyId: id.penalty, status: 'open', appealedAt: at },
  [complaintsSubjects.listAppeals]: page(appealed),
  [complaintsSubjects.grantAppeal]: { complaint: appealDecided('granted'), standing: lifted },
  [complaintsSubjects.refuseAppeal]: { complaint: appealDecided('refused'), standing },
  [complaintsSubjects.getStanding]: standing,
  [complaintsSubjects.readApp]: {
    app: { ...found, homepage: 'https://repairs.example/' },
    others: [{ ...found, id: exampleId(12), name: 'Repairs (test)', verified: false }],
    bindings: { active: 1_204, unbound: 38, blocked: 3 },
    standing,
    window: {
      since: '2026-11-01T09:00:00.000Z',
      pushes: 5_310,
      recipients: 1_180,
      complaints: 4,
      complainants: 3,
      rate: { share: 0.00254, low: 0.00087, high: 0.00745 },
    },
    complaints: [
      { id: id.complaint, pushId: id.push, reason: 'spam', status: 'upheld', severity: 'minor', complainedAt: at },
    ],
    pushes: [{ id: id.push, status: 'delivered', pushedAt: at }],
  } satisfies AppCase,
  [complaintsSubjects.reinstate]: standing,
  [complaintsSubjects.countCases]: { complaints: 2, appeals: 1, bans: 1 },
  [complaintsSubjects.listBans]: page(ban),
  [complaintsSubjects.listAudit]: page<AuditView>(roleGranted),
  [complaintsSubjects.readState]: {
    event: roleGranted,
    last: 3,
    before: { registered: true, roles: ['user'], endpoints: [] },
    state: { registered: true, roles: ['user', 'operator'], endpoints: [] },
  } satisfies StreamState,
  [complaintsSubjects.getHealth]: {
    at,
    services: [
      {
        service: 'delivery',
        away: [],
        refusing: [],
        tables: [{ table: 'delivery.inbox', lagSeconds: 0 }],
        groups: [{ group: 'delivery.deliver-push', parked: 1, waiting: 0, readers: 1, lagSeconds: 0 }],
        queues: [{ queue: 'due', waiting: 0, oldestSeconds: 0 }],
      },
    ],
    silent: [],
    events: { since: at, count: 12, perSecond: 0.2, types: [{ type: 'message.pushed', count: 12 }] },
    providers: [{ provider: 'bark', tries: 20, failed: 1, errorRate: 0.05 }],
  } satisfies HubHealth,
  [complaintsSubjects.listParked]: {
    items: [
      {
        group: 'delivery.deliver-push',
        number: 0,
        parkedAt: at,
        reason: 'event.invalid',
        type: 'moderation.passed',
        stream: `moderation-${id.push}`,
        revision: 0,
        data: { wechat: 'pass', at },
      },
    ],
  } satisfies ParkedEventsView,
  [complaintsSubjects.replayParked]: { id: exampleId(9), group: 'delivery.deliver-push' } satisfies ReplayReply,
  [complaintsSubjects.confirmBan]: { points: 0, status: 'banned', history: [{ event: 'standing.banned', at }] },
  [complaintsSubjects.rejectBan]: standing,
};

/** A body for each route that takes one, by method and path. */
export const requestExamples: Readonly<Record<string, object>> = {
  'POST /v1/sessions': { provider: 'wechat', code: '0a3Xk1000Lw3cR1eT2300V8Q0k2Xk10A' },
  'POST /v1/sessions/refresh': { refreshToken: session.refreshToken },
  'POST /v1/sessions/current/totp': { code: '287082' },
  'POST /v1/me/totp/confirm': { code: '287082' },
  'POST /v1/me/totp/remove': { code: '287082' },
  'POST /v1/me/wechat-profile': {
    encryptedData: 'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZM',
    iv: 'r7BXXKkLb8qrSNn05n0qiA==',
    rawData: '{"nickName":"Band"}',
    signature: '75e81ceda165f4ffa64f4068af58c64b8f54b88c',
  },
  'PATCH /v1/me': { locale: 'en' },
  'POST /v1/apps': { name: appPublic.name, description: app.description },
  'PATCH /v1/apps/:appId': { description: 'Tells you when the engineer comes.', homepage: null },
  'POST /v1/apps/:appId/secret': { revokeNow: true },
  'POST /v1/apps/:appId/callback-secret': { revokeNow: true },
  'POST /v1/claims': { wechatAppId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' },
  'POST /v1/apps/:appId/transfer': { to: exampleId(11) },
  'POST /v1/apps/:appId/transfer/accept': { revokeNow: true },
  'POST /v1/apps/:appId/bindings/:bindingId/confirm': { openid: 'customer-1024' },
  'POST /v1/binding-requests': {
    openid: 'customer-1024',
    state: 'af0ifjsldkj',
    redirectUri: 'https://repairs.example/bound',
    purpose: request.purpose,
    // The example of RFC 7636, appendix B.
    codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  },
  'POST /v1/binding-requests/:requestId/approve': { level: 'strong', termsHash: terms.hash },
  'POST /v1/bindings/exchange': { code, codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' },
  'POST /v1/bindings': { appId: id.app, openid: 'customer-1024', level: 'strong' },
  'PATCH /v1/bindings/:bindingId': { muted: true, mutedUntil: '2026-12-02T07:00:00Z' },
  'POST /v1/endpoints': { kind: 'email', address: 'ann@example.org' },
  'POST /v1/endpoints/:endpointId/credits': { results: { VzmPG9wLr5Dj0sPzJmQ2u7i1kYt3nXo4aBcDeFgHiJk: 'accept' } },
  'POST /v1/wechat/events': {
    ToUserName: 'gh_123456789abc',
    FromUserName: 'oHark0Example0000000000000001',
    CreateTime: '1763774400',
    MsgType: 'event',
    Event: 'subscribe_msg_popup_event',
    List: { TemplateId: 'TEMPLATE_ID_EXAMPLE', SubscribeStatusString: 'accept', PopupScene: '0' },
  },
  'PATCH /v1/endpoints/order': { endpointIds: [id.endpoint] },
  'PATCH /v1/endpoints/:endpointId': { name: 'Home' },
  'POST /v1/endpoints/:endpointId/verify': { code: '482913' },
  'POST /v1/pushes': {
    openid: 'customer-1024',
    title: '工单 1024',
    body: '工程师已出发',
    tags: ['ticket'],
    repeat: { every: 'PT10M', times: 6, until: 'acknowledged' },
    escalate: [{ after: 'PT15M', openid: 'team-lead' }],
  },
  'POST /v1/pushes/preview': { openid: 'customer-1024', body: '工程师已出发', priority: 'critical' },
  'PATCH /v1/pushes/:pushId': { body: '工程师 10 点到', sendAt: '2026-12-01T01:30:00.000Z', url: null },
  'POST /v1/pushes/batch': {
    pushes: [
      { openid: 'customer-1024', title: '工单 1024', body: '工程师已出发' },
      { openid: 'customer-1025', body: '还有十分钟' },
    ],
  },
  'POST /v1/inbox/batch': { mark: 'archive', where: { thread: 'ticket-1024' } },
  'POST /v1/complaints': { inboxItemId: id.push, reason: 'spam', note: 'I never bought anything there.' },
  'POST /v1/ops/complaints/:complaintId/uphold': { severity: 'minor', note: 'Advertising.' },
  'POST /v1/ops/complaints/:complaintId/dismiss': { note: 'What was ordered.' },
  'POST /v1/apps/:appId/appeals': { penaltyId: id.penalty, note: 'The recipient had ordered it: see order 1024.' },
  'POST /v1/ops/appeals/:complaintId/grant': { note: 'The order is there. Our mistake.' },
  'POST /v1/ops/appeals/:complaintId/refuse': { note: 'Nothing was ordered.' },
  'POST /v1/ops/apps/:appId/reinstate': { note: 'The owner has shown what was changed.', points: 6 },
  'POST /v1/ops/apps/:appId/ban': { note: 'Seen, and agreed.' },
  'POST /v1/ops/apps/:appId/ban/reject': { note: 'One complaint is not enough.' },
  'POST /v1/ops/reviews/:pushId/approve': { note: 'A real prize.' },
  'POST /v1/ops/reviews/:pushId/reject': { note: 'Fraud.' },
  'POST /v1/ops/parked/replay': { group: 'delivery.deliver-push', below: 1 },
  'PATCH /v1/ops/rules': {
    added: [{ phrase: 'hot tip', kind: 'word', label: 'ads', then: 'hold' }],
    removed: [],
    together: { added: [brushing], removed: [] },
    seen: 0,
    note: 'Seen since Monday',
  },
  'POST /v1/ops/rules/dry-run': {
    added: [{ phrase: 'hot tip', kind: 'word', label: 'ads', then: 'hold' }],
    removed: [],
  },
  'POST /v1/ops/users/find': { email: 'ann@mail.example' },
  'POST /v1/ops/users/:userId/roles': { role: 'operator' },
};
