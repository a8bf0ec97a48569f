import { createInterface } from 'node:readline';
import { HarkError } from '@hark/kernel';
import { request } from 'undici';
import { Running } from '../up/running';

/** What came to a phone of the sandbox. */
export interface BarkArrival {
  readonly deviceKey: string;
  readonly title?: string;
  readonly body?: string;
  /** When the sandbox had read it, by the clock of this machine. */
  readonly receivedAtMs: number;
}

/** Every Bark push that the sandbox receives, as it comes. */
export class BarkStream implements Running {
  private listener: (arrival: BarkArrival) => void = () => undefined;
  private closed = false;
  /** Rejects when the stream breaks off before it is closed: what comes after would look lost. */
  readonly broken: Promise<never>;

  private constructor(private readonly body: NodeJS.ReadableStream & { destroy(): void }) {
    const lines = createInterface({ input: body, crlfDelay: Infinity });
    lines.on('line', (line) => line !== '' && this.listener(JSON.parse(line) as BarkArrival));
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

  /** Resolves when it listens: what the sandbox receives from now on is seen. */
  static async open(sandboxUrl: string): Promise<BarkStream> {
    const { statusCode, body } = await request(`${sandboxUrl}/control/bark/stream`, { bodyTimeout: 0 });
    if (statusCode !== 200)
      throw new HarkError('unavailable', 'bench.no-stream', `the sandbox's stream answered ${statusCode}`);
    return new BarkStream(body);
  }

  /** Arrivals go to `listener` from now on, and to nobody else. */
  listen(listener: (arrival: BarkArrival) => void): void {
    this.listener = listener;
  }

  close(): void {
    this.closed = true;
    this.body.destroy();
  }
}
