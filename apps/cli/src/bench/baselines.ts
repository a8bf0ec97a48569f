import { connect, NatsConnection } from 'nats';
import { Pool } from 'undici';
import { Disposables } from '@hark/kernel';
import { BenchChild } from './bench-child';
import { closedLoop } from './closed-loop';
import { measureAppends } from './disk-append';
import { pushBody } from './push-load';
import { cpuMsOf } from './usage';

/** What one simple operation costs on this machine in its present state. */
export interface Baseline {
  /** With 64 under way; an append always alone. */
  readonly perSecond: number;
  /** Of one alone. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the answering side at full load. */
  readonly cpuMsPerCall?: number;
}

/** A lower bound: a push cannot cost less than one of each. */
export interface Baselines {
  readonly http: Baseline;
  readonly nats: Baseline;
  readonly append: Baseline;
}

/** How many calls are under way when a baseline is measured under load. */
export const concurrency = 64;
const callsMax = 500_000;
const natsTimeoutMs = 5_000;
/** The address on which `echo.child` answers. */
const echoSubject = 'bench.echo';

/**
 * Measures all three one after the other, each for `seconds` in all. Appends go into `home`. Everything started is also
 * in `parent`, in case the bench is interrupted.
 */
export async function measureBaselines(home: string, seconds: number, parent: Disposables): Promise<Baselines> {
  const http = await measureHttp(seconds, parent);
  const nats = await measureNats(seconds, parent);
  const { perSecond, latencyMs } = await measureAppends(home, seconds * 500);
  return { http, nats, append: { perSecond, p50Ms: latencyMs.p50 ?? 0, p99Ms: latencyMs.p99 ?? 0 } };
}

async function measureHttp(seconds: number, parent: Disposables): Promise<Baseline> {
  const started = parent.add(new Disposables());
  try {
    const server = started.add(await BenchChild.start('bare-http'));
    const pool = new Pool(server.url, { connections: concurrency });
    started.add({ close: () => pool.destroy() });
    const headers = {
      authorization: `Bearer hk_${'0'.repeat(32)}_${'a'.repeat(43)}`,
      'content-type': 'application/json',
    };
    const body = pushBody('00000000.0');
    const call = async () => (await pool.request({ path: '/v1/pushes', method: 'POST', headers, body })).body.text();
    return await measure(call, seconds, [server.pid]);
  } finally {
    await started.close();
  }
}

async function measureNats(seconds: number, parent: Disposables): Promise<Baseline> {
  const started = parent.add(new Disposables());
  try {
    const broker = started.add(await BenchChild.start('broker'));
    return await measureEcho(broker, seconds, started);
  } finally {
    await started.close();
  }
}

/** Request and reply through a broker that runs already, with caller and echo as a process each. */
export async function measureEcho(
  { url, pid }: { url: string; pid: number },
  seconds: number,
  parent: Disposables,
): Promise<Baseline> {
  const started = parent.add(new Disposables());
  try {
    const echo = started.add(await BenchChild.start('echo', url));
    const connection: NatsConnection = await connect({ servers: url, name: 'bench' });
    started.add({ close: () => connection.close() });
    const payload = Buffer.from(pushBody('00000000.0').padEnd(500));
    return await measure(() => connection.request(echoSubject, payload, { timeout: natsTimeoutMs }), seconds, [
      echo.pid,
      pid,
    ]);
  } finally {
    await started.close();
  }
}

/** A quarter of the time to warm up, a quarter one alone, half under load. */
async function measure(call: () => Promise<unknown>, seconds: number, pids: readonly number[]): Promise<Baseline> {
  await closedLoop({ concurrency, durationMs: seconds * 250, callsMax, call });
  const alone = await closedLoop({ concurrency: 1, durationMs: seconds * 250, callsMax, call });
  const cpu = () => pids.reduce((all, pid) => all + cpuMsOf(pid), 0);
  const before = cpu();
  const loaded = await closedLoop({ concurrency, durationMs: seconds * 500, callsMax, call });
  return {
    perSecond: loaded.perSecond,
    p50Ms: alone.latencyMs.p50 ?? 0,
    p99Ms: alone.latencyMs.p99 ?? 0,
    cpuMsPerCall: (cpu() - before) / loaded.calls,
  };
}
