import { ChannelRegistry } from '@hark/channels';
import {
  authSubjects,
  BindReply,
  JudgedTexts,
  moderationSubjects,
  RegisterAppReply,
  Reply,
  SessionCheck,
  SessionReply,
} from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Caller, HarkNatsServer, RpcOptions } from '@hark/nats';
import { Outbound } from '@hark/outbound';
import { BarkPush, DeviceState, Mail, RunningSandbox, Sandbox, startSandbox, WebhookCall } from '@hark/sandbox';
import { RunningService } from '@hark/service';
import { anonymous, refusal, ServiceHarness, serviceHarness, ServiceWorld } from '@hark/testing';
import { start } from '../main';

/** Somebody who has logged in. */
export interface Somebody {
  readonly id: string;
  readonly session: SessionReply;
  /** Asks the service as this person. */
  ask<T = Record<string, unknown>>(subject: string, data?: unknown, meta?: RpcOptions): Promise<Reply<T>>;
  /** The code of the refusal, or fails when it is carried out. */
  refusal(subject: string, data?: unknown, meta?: RpcOptions): Promise<string>;
}

interface Verdict {
  readonly contains: string;
  readonly says: 'held' | 'blocked' | 'nothing' | 'away';
}

type Judged = { readonly texts: readonly { readonly field: string; readonly text: string }[] };

interface Claims {
  readonly sid: string;
  readonly rv: number;
}

/** The auth service on real stores, with the sandbox for WeChat, Bark and mail, and a moderation that says as told. */
export class AuthWorld extends ServiceWorld {
  private apps = 0;

  private constructor(
    harness: ServiceHarness<RunningService>,
    /** The stand-ins for WeChat, the Bark server, which knows any device, and the mail server. */
    readonly outside: Sandbox,
    /** What moderation says of texts that hold `contains`; it lets everything else pass. */
    readonly verdicts: Verdict[],
    private readonly sandbox: RunningSandbox,
    private readonly disposables: { close(): Promise<void> }[],
  ) {
    super(harness);
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<AuthWorld> {
    const sandbox = await startSandbox({ anyDevice: true });
    const harness = await serviceHarness(start, { ...sandbox.settings, ...settings });
    const { requests, keys } = harness;
    const moderation = new HarkNatsServer({
      connection: requests.connection,
      queue: 'moderation',
      callerKey: keys.caller,
    });
    const verdicts: Verdict[] = [];
    moderation.addHandler(moderationSubjects.judgeTexts, (asked: Judged) => judgedBy(verdicts, asked));
    moderation.listen(() => {});
    await moderation.flushed();
    return new AuthWorld(harness, sandbox.standIns, verdicts, sandbox, [moderation, harness, sandbox]);
  }

  /** Stops the service and starts it again on the same stores with other settings. */
  async restart(settings: NodeJS.ProcessEnv): Promise<void> {
    await this.harness.restart(settings);
  }

  override async close(): Promise<void> {
    for (const one of this.disposables) await one.close();
  }

  /** What `wx.login` gives the person: good for one exchange. */
  codeOf(openid: string, sessionKey?: string, unionid?: string): string {
    return this.outside.wechat.users.mint({ openid, unionid }, sessionKey);
  }

  /** How often WeChat was asked for a session. */
  codeExchanges(): number {
    return this.outside.journal.list({ provider: 'wechat', match: '/jscode2session' }).length;
  }

  /** The pushes on a phone. */
  pushesOf(deviceKey: string): BarkPush[] {
    return this.outside.bark.pushes.list({ key: deviceKey });
  }

  /** How often the Bark server was asked to push to a phone, refusals counted. */
  pushTries(deviceKey: string): number {
    return this.outside.journal.list({ provider: 'bark', match: `"${deviceKey}"` }).length;
  }

  /** The answer to pushes to a phone from now on. */
  phone(deviceKey: string, state: DeviceState | 'unknown'): void {
    const [token, is] = state === 'unknown' ? ['deleted', 'ok' as const] : ['a', state];
    this.outside.bark.devices.put(deviceKey, { token, state: is });
  }

  /**
   * Lets the service call web servers on this machine, which the guard refuses otherwise. Answers the address of one that
   * takes every call (`hooks`); its paths are the test's to choose.
   */
  openHooks(): string {
    const { origin, port } = new URL(this.sandbox.url);
    const permissive = new Outbound({
      allowOrigins: [origin],
      allowHttp: true,
      allowPorts: [Number(port)],
      allowNetworks: ['127.0.0.1/32'],
    });
    const webhook = this.service.app.get(ChannelRegistry).get('webhook');
    const ofChannels: unknown = webhook && Reflect.get(webhook, 'outbound');
    for (const one of [this.service.app.get(Outbound), ofChannels]) Object.assign(one ?? {}, permissive);
    return `${origin}/hooks`;
  }

  /** The calls that came to a path below `openHooks`. */
  hooks(path: string): WebhookCall[] {
    return this.outside.webhooks.calls.list({ key: `/hooks${path}` });
  }

  /** The mails to an address, however it was written. */
  mailsTo(address: string): Mail[] {
    return this.outside.mail.mails.list({ key: address.toLowerCase() });
  }

  /** As an anonymous caller, unless one is named. */
  override ask<T = Record<string, unknown>>(
    subject: string,
    data: unknown = {},
    meta: RpcOptions = {},
  ): Promise<Reply<T>> {
    return super.ask(subject, data, { caller: anonymous, ...meta });
  }

  /** The code that a request was refused with; fails when it was carried out. */
  refusal(subject: string, data: unknown = {}, meta: RpcOptions = {}): Promise<string> {
    return refusal(this.ask(subject, data, meta));
  }

  /** The next pair of a session's tokens. */
  async refreshed({ refreshToken }: SessionReply): Promise<SessionReply> {
    return (await this.ask<SessionReply>(authSubjects.refresh, { refreshToken })).body;
  }

  /** What the gateway asks of an access token it is shown: `live`, or the code of why not. */
  check(session: SessionReply): Promise<string> {
    return this.checked(session).then(
      () => 'live',
      (error: HarkError) => error.code,
    );
  }

  /** What the gateway is told of a session that lives. */
  async checked({ accessToken, user }: SessionReply): Promise<SessionCheck> {
    const claims = claimsIn(accessToken);
    const asked = { sessionId: claims.sid, userId: user.id, rolesVersion: claims.rv };
    const caller: Caller = { kind: 'service', service: 'gateway', roles: [] };
    return (await this.ask<SessionCheck>(authSubjects.checkSession, asked, { caller })).body;
  }

  /** Logs somebody in through WeChat. */
  async somebody(openid: string): Promise<Somebody> {
    const code = this.codeOf(openid);
    const { body } = await this.ask<SessionReply>(authSubjects.logIn, { provider: 'wechat', code });
    const { sid } = claimsIn(body.accessToken);
    const caller: Caller = { kind: 'user', userId: body.user.id, roles: body.user.roles, sessionId: sid };
    return {
      id: body.user.id,
      session: body,
      ask: (subject, data, meta) => this.ask(subject, data, { caller, ...meta }),
      refusal: (subject, data, meta) => this.refusal(subject, data, { caller, ...meta }),
    };
  }

  /** A new app of somebody's, with the secret that speaks for it. */
  async app(owner: Somebody): Promise<{ appId: string; credential: string }> {
    const asked = { name: `Tickets ${(this.apps += 1)}` };
    const { body } = await owner.ask<RegisterAppReply>(authSubjects.registerApp, asked);
    return { appId: body.app.id, credential: body.secret };
  }

  /** Binds an app, which names its person by `openid`. */
  async bindTo(appId: string, user: Somebody, openid: string): Promise<{ bindingId: string; key: string }> {
    const { body } = await user.ask<BindReply>(authSubjects.bind, { appId, openid });
    return { bindingId: body.binding.id, key: body.key };
  }

  /** Binds a mini program, the way its page does. */
  async bind(user: Somebody, openid: string, wechatAppId = 'wx0123456789abcdef'): Promise<BindReply> {
    const asked = { wechatAppId, appName: 'Hacker密码', openid };
    return (await user.ask<BindReply>(authSubjects.bind, asked)).body;
  }
}

const claimsIn = (accessToken: string): Claims =>
  JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as Claims;

async function judgedBy(verdicts: readonly Verdict[], { texts }: Judged): Promise<Reply<JudgedTexts>> {
  const judged = texts.map(({ field, text }) => {
    const told = verdicts.find(({ contains }) => text.includes(contains))?.says ?? 'passed';
    if (told === 'away') throw new HarkError('unavailable', 'service.unavailable', 'moderation is away');
    return { field, verdict: told };
  });
  return { body: { verdicts: judged.flatMap((one) => (one.verdict === 'nothing' ? [] : [one as never])) } };
}
