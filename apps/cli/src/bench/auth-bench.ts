import { Pool } from 'undici';
import { Disposables } from '@hark/kernel';
import { Actors } from '../demo/actors';
import { call, expecting, Unexpected } from '../demo/http';
import { gatherAudience } from './audience';
import { BenchOptions } from './bench-options';
import { closedLoop } from './closed-loop';
import { CostMeter } from './cost-meter';
import { describeMachine, Machine } from './machine';
import { Summary } from './percentiles';
import { figure, table } from './table';
import { sandboxOf, targetOf } from './target';
import { familyUsage } from './usage';

const inFlight = 16;
/** Log-ins are of people who have been here before. */
const people = 32;
/** Codes are minted before they are used, so that only log-ins are measured. */
const codesMax = 20_000;
const codesPerSecond = 500;
const callsMax = 500_000;
/** A push that nobody made: the key is proven, and nothing is found. */
const unknownPush = '/v1/pushes/0190a5e2-0000-7000-8000-000000000000';

/** One kind of call. */
export interface AuthFigures {
  /** With 16 under way. */
  readonly perSecond: number;
  readonly loadedMs: Summary;
  readonly aloneMs: Summary;
  /** Of the hub, without the sandbox. */
  readonly cpuMsPerCall: number;
}

/** What proving who somebody is costs. */
export interface AuthReport {
  readonly at: string;
  readonly machine: Machine;
  /** With a code of WeChat's, by somebody known. */
  readonly logIn: AuthFigures;
  readonly refresh: AuthFigures;
  readonly keyCheck: AuthFigures;
}

/** Measures log-in, refresh and the check of a key, each alone and with many under way. */
export async function benchAuth(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  say: (line: string) => void,
): Promise<AuthReport> {
  const target = await targetOf(options, env, started, say);
  const { url, pid } = target.run;
  const sandboxUrl = sandboxOf(target);
  const split = familyUsage(pid, '').some(({ name }) => name === 'gateway');
  const http = started.add(new Http(url));
  const measure = (one: () => Promise<unknown>) => measured(one, options.seconds, () => new CostMeter(pid, split));
  const actors = new Actors({ hubUrl: url, sandboxUrl, operatorOpenid: '' });
  const openids = Array.from({ length: people }, () => actors.newOpenid());
  const codes = new Codes(sandboxUrl, openids);
  const logIn = async () =>
    http.ask('POST', '/v1/sessions', 201, undefined, { provider: 'wechat', code: codes.take() });

  say('Logging in …');
  await codes.mint(Math.min(codesMax, codesPerSecond * options.seconds));
  const logIns = await measure(logIn);
  say('Refreshing …');
  await codes.mint(inFlight);
  const tokens: string[] = [];
  for (let session = 0; session < inFlight; session += 1) tokens.push((await logIn()).refreshToken!);
  const refreshes = await measure(async () => {
    // Each session has one token, which one caller at a time spends.
    const refreshToken = tokens.pop()!;
    tokens.push((await http.ask('POST', '/v1/sessions/refresh', 200, undefined, { refreshToken })).refreshToken!);
  });
  say('Checking keys …');
  const keys = (await gatherAudience(url, sandboxUrl, options.people)).map(({ key }) => key);
  let next = 0;
  const checks = await measure(() => http.ask('GET', unknownPush, 404, keys[next++ % keys.length]));
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    logIn: logIns,
    refresh: refreshes,
    keyCheck: checks,
  };
}

/** A quarter of the time to warm up, a quarter one alone, half with many under way. */
async function measured(one: () => Promise<unknown>, seconds: number, meter: () => CostMeter): Promise<AuthFigures> {
  await closedLoop({ concurrency: inFlight, durationMs: seconds * 250, callsMax, call: one });
  const alone = await closedLoop({ concurrency: 1, durationMs: seconds * 250, callsMax, call: one });
  const cost = meter();
  const loaded = await closedLoop({ concurrency: inFlight, durationMs: seconds * 500, callsMax, call: one });
  return {
    perSecond: loaded.perSecond,
    loadedMs: loaded.latencyMs,
    aloneMs: alone.latencyMs,
    cpuMsPerCall: cost.per(loaded.calls).cpuMsPerPush,
  };
}

/** WeChat's codes, each good for one log-in. */
class Codes {
  private readonly codes: string[] = [];
  private minted = 0;

  constructor(
    private readonly sandboxUrl: string,
    private readonly openids: readonly string[],
  ) {}

  async mint(count: number): Promise<void> {
    const until = this.minted + count;
    const one = async (): Promise<void> => {
      while (this.minted < until) {
        const openid = this.openids[this.minted++ % this.openids.length];
        const answer = await call(this.sandboxUrl, 'POST', '/control/wechat/codes', { body: { openid } });
        this.codes.push(String(expecting(answer, 200).body.code));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, one));
  }

  take(): string {
    const code = this.codes.pop();
    if (code === undefined) throw new Unexpected('a code of WeChat', 'none: more log-ins than codes were minted');
    return code;
  }
}

/** Calls over connections that are kept. */
class Http {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool(url, { connections: inFlight });
  }

  /** The answer's body when it has the status expected. */
  async ask(method: 'GET' | 'POST', path: string, status: number, token?: string, body?: object): Promise<Answer> {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const answer = await this.pool.request({ method, path, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.body.text();
    if (answer.statusCode !== status)
      throw new Unexpected(String(status), `${answer.statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

interface Answer {
  readonly refreshToken?: string;
}

/** The report for people. */
export function authText({ machine, logIn, refresh, keyCheck }: AuthReport): string {
  const row = (name: string, { perSecond, loadedMs, aloneMs, cpuMsPerCall }: AuthFigures): string[] => [
    name,
    ...[perSecond, loadedMs.p50, loadedMs.p99, aloneMs.p50, aloneMs.p99, cpuMsPerCall].map(figure),
  ];
  return [
    `Proving who somebody is, on ${machine.cpus} × ${machine.cpu}, Node ${machine.node}`,
    table([
      ['', `a second (${inFlight} under way)`, 'p50 ms', 'p99 ms', 'p50 ms alone', 'p99 ms alone', 'CPU ms'],
      row("log-in with WeChat's code", logIn),
      row('refresh of a session', refresh),
      row('check of a key (and a push that is not there)', keyCheck),
    ]),
    '',
    'The load generator runs on the same machine and takes its share of it.',
  ].join('\n');
}
