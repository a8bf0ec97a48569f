import { Readable } from 'node:stream';
import { request } from 'undici';
import { HarkError, preciseNowMs, Running } from '@hark/kernel';
import { call, expecting } from '../demo/http';
import { clockOffsetMs, ClockProbe } from './clock-offset';

const clockProbes = 5;

/** A push as a phone of the sandbox received it. */
export interface BarkArrival {
  readonly deviceKey: string;
  readonly title?: string;
  readonly body?: string;
  /** When the sandbox had read it, in this process's clock. */
  readonly receivedAtMs: number;
}

/** Every Bark push that the sandbox receives, as it comes. */
export class BarkStream implements Running {
  private listener: (arrival: BarkArrival) => void = () => undefined;
  private closed = false;
  private clockOffsetMs = 0;
  /** Rejects when the stream breaks off early: pushes after that would look lost. */
  readonly broken: Promise<never>;

  private constructor(private readonly body: Readable) {
    let rest = '';
    body.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.take(JSON.parse(line) as BarkArrival);
    });
    this.broken = new Promise((_, reject) => {
      const broke = () => {
        if (!this.closed)
          reject(new HarkError('unavailable', 'bench.stream-broke', "the sandbox's stream of arrivals broke off"));
      };
      body.on('error', broke);
      body.on('close', broke);
    });
    this.broken.catch(() => undefined);
  }

  /** Resolves when it is connected: pushes that the sandbox receives from then on are seen. */
  static async open(sandboxUrl: string): Promise<BarkStream> {
    const { statusCode, body } = await request(`${sandboxUrl}/control/bark/stream`, { bodyTimeout: 0 });
    if (statusCode !== 200)
      throw new HarkError('unavailable', 'bench.no-stream', `the sandbox's stream answered ${statusCode}`);
    const stream = new BarkStream(body);
    stream.clockOffsetMs = await stream.compareClocks(sandboxUrl);
    return stream;
  }

  /** Sends arrivals to `listener` from now on, and to nobody else. */
  listen(listener: (arrival: BarkArrival) => void): void {
    this.listener = listener;
  }

  private take(arrival: BarkArrival): void {
    this.listener({ ...arrival, receivedAtMs: arrival.receivedAtMs + this.clockOffsetMs });
  }

  private async compareClocks(sandboxUrl: string): Promise<number> {
    const made = await call(sandboxUrl, 'POST', '/control/bark/devices', { body: {} });
    const { deviceKey } = expecting(made, 200).body;
    const probes: ClockProbe[] = [];
    for (let probe = 0; probe < clockProbes; probe += 1) {
      const received = new Promise<number>((resolve) =>
        this.listen((arrival) => arrival.deviceKey === deviceKey && resolve(arrival.receivedAtMs)),
      );
      const sentAtMs = preciseNowMs();
      expecting(await call(sandboxUrl, 'GET', `/bark/${deviceKey}/clock`), 200);
      const answeredAtMs = preciseNowMs();
      probes.push({ sentAtMs, receivedAtMs: await Promise.race([received, this.broken]), answeredAtMs });
    }
    return clockOffsetMs(probes);
  }

  close(): void {
    this.closed = true;
    this.body.destroy();
  }
}
