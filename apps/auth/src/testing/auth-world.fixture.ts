import { authSubjects, BindReply, JudgedTexts, moderationSubjects, SessionReply } from '@hark/contracts';
import { Clock, HarkError, plusMs, uuid7 } from '@hark/kernel';
import { Caller, HarkNatsServer, Reply, RpcClient } from '@hark/nats';
import { Keys, RunningService } from '@hark/service';
import { startStack } from '@hark/testing';
import { start } from '../main';
import { OutsideWorld } from './outside-world.fixture';

type Meta = NonNullable<Parameters<RpcClient['request']>[2]>;

/** Somebody who has logged in. */
export interface Somebody {
  readonly id: string;
  readonly session: SessionReply;
  /** Asks the service as this person. */
  ask<T = Record<string, unknown>>(subject: string, data?: unknown, meta?: Meta): Promise<Reply<T>>;
  /** The code of the refusal, or fails when it is carried out. */
  refusal(subject: string, data?: unknown, meta?: Meta): Promise<string>;
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

/** The auth service on real stores, with the outside world stood in for. */
export class AuthStack {
  private constructor(
    readonly world: OutsideWorld,
    private running: RunningService,
    readonly keys: Keys,
    readonly env: NodeJS.ProcessEnv,
    private readonly requests: RpcClient,
    /** What moderation says of texts that hold `contains`; it lets everything else pass. */
    readonly verdicts: Verdict[],
    private readonly closing: (service: RunningService) => Promise<void>,
  ) {}

  static async start(settings: NodeJS.ProcessEnv = {}): Promise<AuthStack> {
    const [stack, world] = await Promise.all([startStack(), OutsideWorld.start()]);
    const env = {
      ...stack.env,
      WECHAT_APP_ID: 'wx00000000000000aa',
      WECHAT_APP_SECRET: 'secret',
      WECHAT_BASE_URL: world.url,
      BARK_BASE_URL: world.url,
      SMTP_URL: world.smtpUrl,
      ...settings,
    };
    const service = await start(env);
    const keys = new Keys(Buffer.from(stack.env.HARK_MASTER_KEY, 'base64'));
    const requests = await RpcClient.connect({
      url: stack.env.NATS_URL,
      name: 'test',
      service: 'test',
      callerKey: keys.caller,
    });
    const moderation = new HarkNatsServer({
      connection: requests.connection,
      queue: 'moderation',
      callerKey: keys.caller,
    });
    const verdicts: Verdict[] = [];
    moderation.addHandler(moderationSubjects.judgeTexts, (asked: Judged) => judgedBy(verdicts, asked));
    moderation.listen(() => {});
    await moderation.flushed();
    return new AuthStack(world, service, keys, env, requests, verdicts, async (running) => {
      await moderation.close();
      await requests.close();
      await running.close();
      await world.close();
      await stack.close();
    });
  }

  get service(): RunningService {
    return this.running;
  }

  /** Stops the service and starts it again on the same stores with other settings. */
  async restart(settings: NodeJS.ProcessEnv): Promise<void> {
    await this.running.close();
    this.running = await start({ ...this.env, ...settings });
  }

  close(): Promise<void> {
    return this.closing(this.running);
  }

  /** What the service takes as the present time. */
  now(): string {
    return this.service.app.get(Clock).now();
  }

  /** Moves the service's clock on, for every handler. */
  passTime(ms: number): void {
    const clock = this.service.app.get(Clock);
    const before = clock.now.bind(clock);
    clock.now = () => plusMs(before(), ms);
  }

  async ask<T = Record<string, unknown>>(subject: string, data: unknown = {}, meta: Meta = {}): Promise<Reply<T>> {
    return this.requests.request<T>(subject, data, { caller: { kind: 'anonymous', roles: [] }, ...meta });
  }

  async refusal(subject: string, data: unknown = {}, meta: Meta = {}): Promise<string> {
    const answer = await this.ask(subject, data, meta).catch((error: unknown) => error);
    if (answer instanceof HarkError) return answer.code;
    throw new Error(`${subject} was carried out: ${JSON.stringify(answer)}`);
  }

  /** The next pair of a session's tokens. */
  async refreshed({ refreshToken }: SessionReply): Promise<SessionReply> {
    return (await this.ask<SessionReply>(authSubjects.refresh, { refreshToken })).body;
  }

  /** What the gateway asks of an access token it is shown: `live`, or the code of why not. */
  async check({ accessToken, user }: SessionReply): Promise<string> {
    const claims = claimsIn(accessToken);
    const asked = { sessionId: claims.sid, userId: user.id, rolesVersion: claims.rv };
    const caller: Caller = { kind: 'service', service: 'gateway', roles: [] };
    return this.ask(authSubjects.checkSession, asked, { caller }).then(
      () => 'live',
      (error: HarkError) => error.code,
    );
  }

  /** Logs somebody in through WeChat. */
  async somebody(openid: string): Promise<Somebody> {
    const code = this.world.codeOf(openid);
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

  /** Binds a mini program, the way its page does. */
  async bind(user: Somebody, openid: string, wechatAppId = 'wx0123456789abcdef'): Promise<BindReply> {
    const asked = { wechatAppId, appName: 'Hacker密码', openid };
    return (await user.ask<BindReply>(authSubjects.bind, asked)).body;
  }
}

/** What a gateway adds for an Idempotency-Key: the same for a repeat. */
export const idempotent = (hash = 'a'.repeat(64)): Meta => ({ commandId: uuid7(), requestHash: hash });

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
