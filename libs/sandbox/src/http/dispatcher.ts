import { Control } from '../control/control';
import type { Fault, Strike } from '../control/faults';
import type { ProviderName } from '../control/journal';
import { pause } from '../control/pause';
import { logIn } from '../page/log-in';
import { mailView } from '../page/mail-view';
import { arrivals, page } from '../page/page';
import type { Sandbox } from '../sandbox';
import { type Answer, problem, type Reply } from './exchange';
import { type Received } from './received';

interface HttpProvider {
  readonly name: ProviderName;
  readonly handle: (request: Received) => Reply | Promise<Reply>;
  readonly fail: (fault: Fault, request: Received) => Reply;
}

const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Leads each request to the provider it is for, unless a fault strikes; or to the control calls and the page. */
export class Dispatcher {
  private readonly control: Control;
  private readonly providers: Readonly<Record<string, HttpProvider>>;

  constructor(private readonly sandbox: Sandbox) {
    this.control = new Control(sandbox);
    const below = (request: Received, prefix: string) => request.path.slice(prefix.length);
    this.providers = {
      bark: {
        name: 'bark',
        handle: (request) => sandbox.bark.handle(request, below(request, '/bark')),
        fail: (fault) => sandbox.bark.fail(fault),
      },
      wechat: {
        name: 'wechat',
        handle: (request) => sandbox.wechat.handle(request, below(request, '/wechat')),
        fail: (fault, request) => sandbox.wechat.fail(fault, below(request, '/wechat')),
      },
      hooks: {
        name: 'webhook',
        handle: (request) => sandbox.webhooks.handle(request),
        fail: (fault) => sandbox.webhooks.fail(fault),
      },
      webpush: {
        name: 'webpush',
        handle: (request) => sandbox.pushService.handle(request),
        fail: (fault) => sandbox.pushService.fail(fault),
      },
    };
  }

  /** Answers one HTTP request; null asks the caller to break the connection off. */
  dispatch(request: Received): Answer | null | Promise<Answer | null> {
    const { path } = request;
    const top = path.split('/', 2)[1] ?? '';
    const provider = Object.hasOwn(this.providers, top) ? this.providers[top] : undefined;
    if (provider) return this.provide(provider, request);
    if (!ownPage(request)) return problem(403, 'sandbox.foreign-page', 'only for callers on this machine');
    if (top === 'control') return this.control.handle(request);
    if (path === '/') return page(this.sandbox);
    if (path === '/log-in') return logIn(this.sandbox, request.query.get('openid'));
    if (path === '/arrivals') return arrivals(this.sandbox);
    if (top === 'mail') return mailView(this.sandbox, path.slice('/mail/'.length));
    return problem(404, 'sandbox.unknown', 'no such path');
  }

  private async provide(provider: HttpProvider, request: Received): Promise<Answer | null> {
    const { name } = provider;
    const { receivedAtMs, method, target, headers, text: body } = request;
    const entry = this.sandbox.journal.record({ provider: name, receivedAtMs, method, path: target, headers, body });
    request.seq = entry.seq;
    const fault = this.sandbox.faults.take(name, `${target} ${body}`);
    if (fault) entry.fault = fault.mode;
    const answer = fault ? await this.strike(fault, provider, request) : await provider.handle(request);
    entry.answered = answer === null ? 'cut' : answer.status;
    return answer;
  }

  private async strike(fault: Strike, provider: HttpProvider, request: Received): Promise<Reply | null> {
    const until = AbortSignal.any([request.signal, this.sandbox.untilReset, fault.lifted]);
    if (fault.mode === 'slow') {
      await pause(fault.delayMs ?? this.sandbox.config.slowMs, until);
      return provider.handle(request);
    }
    if (fault.accepted) await provider.handle(request);
    switch (fault.mode) {
      case 'error':
      case 'rate-limit':
        return leadingBack(provider.fail(fault, request), request);
      case 'hang':
        await pause(fault.delayMs ?? this.sandbox.config.hangMaxMs, until);
        return null;
      case 'reset':
        return null;
    }
  }
}

/** A redirect leads to the request's own address, so a client that follows it comes again. */
const leadingBack = (answer: Reply, { target }: Received): Reply =>
  answer.status < 400 && answer.status >= 300
    ? { ...answer, headers: { ...answer.headers, location: target } }
    : answer;

/**
 * True unless a web page of somebody else's sends the request: the control calls mint logins, and a browser on this
 * machine would carry them out for any page it shows (cross-site requests, DNS rebinding).
 */
function ownPage({ headers: { host = '', origin } }: Received): boolean {
  return loopbackHost.test(host) && (origin === undefined || origin === `http://${host}`);
}
