import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { preciseNowMs } from '@hark/kernel';
import { BarkStream } from './bark-stream';
import { openLoop, OpenLoopRun } from './open-loop';
import { summarise, Summary } from './percentiles';

/** Requests without an answer at one time, each on a connection of its own. */
export const inFlightMax = 512;
/** A request without an answer is given up after this. */
const answerTimeoutMs = 15_000;
/** A push that was accepted and has not arrived this long after the last answer counts as lost. */
export const lostAfterMs = 15_000;
const pollMs = 10;
/** Before the text, so that an arrival is recognised even if the channel cuts the end. */
const marker = /^#([0-9a-f]+)\.(\d+)#/;
const text = '工程师已出发,预计二十分钟后到达。请保持电话畅通,如需改期请在小程序中选择新的时间。';

/** One run of load, as sender and receivers saw it. */
export interface LoadResult {
  readonly offeredPerSecond: number;
  readonly offered: number;
  readonly accepted: number;
  /** Answers other than 202 by status and code, and requests without an answer by what happened. */
  readonly errors: Readonly<Record<string, number>>;
  /** Accepted and not on the phone within the deadline. */
  readonly lost: number;
  /** On the phone more than once. */
  readonly doubled: number;
  readonly acceptedPerSecond: number;
  readonly arrivedPerSecond: number;
  /** From the due time of the request to the answer 202. */
  readonly acceptMs: Summary;
  /** From the due time of the request until the sandbox's Bark server had received the push. */
  readonly endToEndMs: Summary;
  readonly generatorLateMs: Summary;
}

export interface LoadOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** A push as the load sends it; a baseline sends the same. */
export const pushBody = (mark: string): string => JSON.stringify({ title: 'Hark bench', body: `#${mark}#${text}` });

/** The recipients of the pushes. */
export interface PushLoadTarget {
  readonly key: string;
}

/** Pushes to an audience and watches the phones. One load at a time. */
export class PushLoad {
  private readonly pool: Pool;

  constructor(
    hubUrl: string,
    private readonly audience: readonly PushLoadTarget[],
    private readonly stream: BarkStream,
  ) {
    this.pool = new Pool(hubUrl, {
      connections: inFlightMax,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    });
  }

  /**
   * Runs one load and waits until the accepted pushes have arrived. Rejects only when arrivals can no longer be seen.
   */
  async run({ ratePerSecond, seconds, signal }: LoadOptions): Promise<LoadResult> {
    const tally = new Tally(randomBytes(4).toString('hex'));
    this.stream.listen(({ body, receivedAtMs }) => tally.arrived(body ?? '', receivedAtMs));
    const send = (index: number, dueAtMs: number) => this.push(tally, index, dueAtMs);
    const run = await Promise.race([
      openLoop({ ratePerSecond, seconds, inFlightMax, send, signal }),
      this.stream.broken,
    ]);
    const giveUpAtMs = preciseNowMs() + lostAfterMs;
    while (tally.missing > 0 && preciseNowMs() < giveUpAtMs && !signal?.aborted)
      await Promise.race([pause(pollMs), this.stream.broken]);
    return tally.result(ratePerSecond, run);
  }

  /** Drops the connections. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async push(tally: Tally, index: number, dueAtMs: number): Promise<void> {
    const { key } = this.audience[index % this.audience.length]!;
    try {
      const answer = await this.pool.request({
        path: '/v1/pushes',
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: pushBody(tally.markOf(index)),
      });
      const body = await answer.body.text();
      if (answer.statusCode === 202) tally.accepted(index, dueAtMs, preciseNowMs());
      else tally.failed(`${answer.statusCode} ${codeIn(body)}`);
    } catch (error) {
      tally.failed((error as { code?: string }).code ?? (error as Error).name);
    }
  }
}

/** Counts one run: the pushes accepted and those that arrived, in whichever order the two are seen. */
class Tally {
  private readonly dueAt = new Map<number, number>();
  private readonly arrivedAt = new Map<number, number>();
  private readonly acceptMs: number[] = [];
  private readonly errors: Record<string, number> = {};
  private lastAcceptedAtMs = 0;
  private doubled = 0;
  /** Accepted and not yet on a phone. */
  missing = 0;

  constructor(private readonly id: string) {}

  markOf(index: number): string {
    return `${this.id}.${index}`;
  }

  accepted(index: number, dueAtMs: number, nowMs: number): void {
    this.dueAt.set(index, dueAtMs);
    this.acceptMs.push(nowMs - dueAtMs);
    this.lastAcceptedAtMs = nowMs;
    if (!this.arrivedAt.has(index)) this.missing += 1;
  }

  arrived(body: string, receivedAtMs: number): void {
    const [, id, number] = marker.exec(body) ?? [];
    if (id !== this.id) return;
    const index = Number(number);
    if (this.arrivedAt.has(index)) this.doubled += 1;
    else {
      this.arrivedAt.set(index, receivedAtMs);
      if (this.dueAt.has(index)) this.missing -= 1;
    }
  }

  failed(what: string): void {
    this.errors[what] = (this.errors[what] ?? 0) + 1;
  }

  result(offeredPerSecond: number, { offered, beganAtMs, lateMs }: OpenLoopRun): LoadResult {
    const endToEnd: number[] = [];
    let lastArrivalAtMs = 0;
    for (const [index, dueAtMs] of this.dueAt) {
      const arrivedAtMs = this.arrivedAt.get(index);
      if (arrivedAtMs === undefined) continue;
      endToEnd.push(arrivedAtMs - dueAtMs);
      lastArrivalAtMs = Math.max(lastArrivalAtMs, arrivedAtMs);
    }
    const accepted = this.acceptMs.length;
    // The last request's interval belongs to the run, or a run of one request would take no time.
    const perSecond = (count: number, untilMs: number): number =>
      count === 0 ? 0 : (count * 1_000) / Math.max((offered * 1_000) / offeredPerSecond, untilMs - beganAtMs);
    return {
      offeredPerSecond,
      offered,
      accepted,
      errors: this.errors,
      lost: this.missing,
      doubled: this.doubled,
      acceptedPerSecond: perSecond(accepted, this.lastAcceptedAtMs),
      arrivedPerSecond: perSecond(endToEnd.length, lastArrivalAtMs),
      acceptMs: summarise(this.acceptMs),
      endToEndMs: summarise(endToEnd),
      generatorLateMs: lateMs,
    };
  }
}

function codeIn(body: string): string {
  try {
    return String((JSON.parse(body) as { code?: unknown }).code);
  } catch {
    return 'without a problem document';
  }
}
