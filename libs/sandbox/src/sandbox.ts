import { Bark } from './bark/bark';
import { BarkDevices, type DeviceState, deviceStates } from './bark/bark-devices';
import { Control } from './control/control';
import { type Fault, Faults, type Strike } from './control/faults';
import { Journal, type ProviderName } from './control/journal';
import { MovingClock } from './control/moving-clock';
import { pause } from './control/pause';
import { StateFile, type StateRecord } from './control/state-file';
import { Webhooks } from './hooks/webhooks';
import { type Answer, problem, type Received, type Reply } from './http/exchange';
import { MailServer } from './mail/mail-server';
import { mailView } from './page/mail-view';
import { arrivals, page, type ShownHub } from './page/page';
import type { SandboxOptions } from './sandbox-options';
import { ContentCheck } from './wechat/content-check';
import { StableTokens } from './wechat/stable-tokens';
import { SubscribeMessages } from './wechat/subscribe-messages';
import { WeChat } from './wechat/wechat';
import { WeChatUsers } from './wechat/wechat-users';

interface HttpProvider {
  readonly name: ProviderName;
  readonly handle: (request: Received) => Reply | Promise<Reply>;
  readonly fail: (fault: Fault, request: Received) => Reply;
}

const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** All stand-ins with what they share: clock, journal, faults. The only place where things are wired. */
export class Sandbox {
  readonly clock = new MovingClock();
  readonly faults = new Faults();
  readonly journal: Journal;
  readonly bark: Bark;
  readonly wechat: WeChat;
  readonly webhooks: Webhooks;
  readonly mail: MailServer;
  /** The hub it stands in for, once it is known. */
  hub: ShownHub | undefined;
  private readonly control: Control;
  private readonly file: StateFile;
  private readonly providers: Readonly<Record<string, HttpProvider>>;
  private epoch = new AbortController();

  constructor(private readonly config: SandboxOptions) {
    const { arrivalsMax } = config;
    this.file = new StateFile(config.stateFile, () => this.remembered());
    this.journal = new Journal(config.journalMax);
    this.bark = new Bark(new BarkDevices(this.file), arrivalsMax, config.anyDevice);
    const users = new WeChatUsers(this.clock, this.file);
    const messages = new SubscribeMessages(users, arrivalsMax, () => pause(config.subscribeSendMs));
    this.wechat = new WeChat(config, users, new StableTokens(this.clock), new ContentCheck(), messages);
    this.webhooks = new Webhooks(arrivalsMax);
    this.mail = new MailServer(this.journal, this.faults, config);
    this.control = new Control(this);
    const below = (request: Received, prefix: string) => request.path.slice(prefix.length);
    this.providers = {
      bark: {
        name: 'bark',
        handle: (request) => this.bark.handle(request, below(request, '/bark')),
        fail: (fault) => this.bark.fail(fault),
      },
      wechat: {
        name: 'wechat',
        handle: (request) => this.wechat.handle(request, below(request, '/wechat')),
        fail: (fault, request) => this.wechat.fail(fault, below(request, '/wechat')),
      },
      hooks: {
        name: 'webhook',
        handle: (request) => this.webhooks.handle(request),
        fail: (fault) => this.webhooks.fail(fault),
      },
    };
    this.restore();
  }

  /** Answers one HTTP request; null asks the caller to break the connection off. */
  dispatch(request: Received): Answer | null | Promise<Answer | null> {
    const { path } = request;
    const top = path.split('/', 2)[1] ?? '';
    const provider = Object.hasOwn(this.providers, top) ? this.providers[top] : undefined;
    if (provider) return this.provide(provider, request);
    if (!ownPage(request)) return problem(403, 'sandbox.foreign-page', 'only for callers on this machine');
    if (top === 'control') return this.control.handle(request);
    if (path === '/') return page(this);
    if (path === '/arrivals') return arrivals(this);
    if (top === 'mail') return mailView(this, path.slice('/mail/'.length));
    return problem(404, 'sandbox.unknown', 'no such path');
  }

  /** Everything as after a fresh start, except that sequence numbers go on. Open long polls and hangs end. */
  reset(): void {
    this.epoch.abort();
    this.epoch = new AbortController();
    this.clock.reset();
    this.faults.reset();
    this.journal.reset();
    this.bark.reset();
    this.wechat.reset();
    this.webhooks.reset();
    this.mail.reset();
    this.file.rewrite();
  }

  private async provide(provider: HttpProvider, request: Received): Promise<Answer | null> {
    const { name } = provider;
    const { receivedAtMs, method, target, headers, text: body } = request;
    const entry = this.journal.record({ provider: name, receivedAtMs, method, path: target, headers, body });
    request.seq = entry.seq;
    const fault = this.faults.take(name, `${target} ${body}`);
    if (fault) entry.fault = fault.mode;
    const answer = fault ? await this.strike(fault, provider, request) : await provider.handle(request);
    entry.answered = answer === null ? 'cut' : answer.status;
    return answer;
  }

  private async strike(fault: Strike, provider: HttpProvider, request: Received): Promise<Reply | null> {
    const until = AbortSignal.any([request.signal, this.epoch.signal, fault.lifted]);
    if (fault.mode === 'slow') {
      await pause(fault.delayMs ?? this.config.slowMs, until);
      return provider.handle(request);
    }
    if (fault.accepted) await provider.handle(request);
    switch (fault.mode) {
      case 'error':
      case 'rate-limit':
        return leadingBack(provider.fail(fault, request), request);
      case 'hang':
        await pause(fault.delayMs ?? this.config.hangMaxMs, until);
        return null;
      case 'reset':
        return null;
    }
  }

  private *remembered(): Iterable<StateRecord> {
    for (const [deviceKey, device] of this.bark.devices.entries()) yield { kind: 'device', deviceKey, ...device };
    for (const user of this.wechat.users.values()) yield { kind: 'user', ...user };
  }

  private restore(): void {
    for (const record of this.file.load()) {
      if (record.kind === 'user') {
        const { kind: _, ...user } = record;
        this.wechat.users.restore(user);
        continue;
      }
      const { deviceKey, token, state } = record;
      if (isState(state)) this.bark.devices.restore(deviceKey, { token, state });
    }
    this.file.rewrite();
  }
}

/** A redirect names the request's own address: whoever follows it comes again. */
const leadingBack = (answer: Reply, { target }: Received): Reply =>
  answer.status < 400 && answer.status >= 300
    ? { ...answer, headers: { ...answer.headers, location: target } }
    : answer;

const isState = (state: string): state is DeviceState => (deviceStates as readonly string[]).includes(state);

/**
 * True unless a web page of somebody else's sends the request: the control calls mint logins, and a browser on this
 * machine would carry them out for any page it shows (cross-site requests, DNS rebinding).
 */
function ownPage({ headers: { host = '', origin } }: Received): boolean {
  return loopbackHost.test(host) && (origin === undefined || origin === `http://${host}`);
}
