import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { preciseNowMs } from '@hark/kernel';
import { BarkStream } from './bark-stream';
import { closedLoop } from './closed-loop';
import { openLoop, OpenLoopRun } from './open-loop';
import { summarise, Summary } from './percentiles';
import { Moment, timelineOf } from './timeline';

/** Requests without an answer at one time, each on a connection of its own. */
export const inFlightMax = 512;
/** A request without an answer is given up after this. */
const answerTimeoutMs = 15_000;
/** A push that was accepted and has not arrived this long after the last answer counts as lost. */
export const lostAfterMs = 15_000;
const pollMs = 10;
/** Enough that the hub always has a next one at hand. */
const batchesInFlight = 4;
const batchesMax = 100_000;
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
  readonly timeline: readonly Moment[];
}

/** One load. */
export interface LoadOptions {
  /** Pushes a second, also where many share a request. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** How many pushes share a request of `POST /v1/pushes/batch`; without it each is a request of its own. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

/** The most that pushes can be accepted, whatever becomes of them afterwards. */
export interface AcceptResult {
  readonly batch: number;
  readonly inFlight: number;
  readonly accepted: number;
  readonly acceptedPerSecond: number;
  /** Of one request with all of its pushes. */
  readonly requestMs: Summary;
  readonly errors: Readonly<Record<string, number>>;
}

const push = (mark: string) => ({ title: 'Hark bench', body: `#${mark}#${text}` });

/** A push as the load sends it; a baseline sends the same. */
export const pushBody = (mark: string): string => JSON.stringify(push(mark));

/** The recipients of the pushes. */
export interface PushLoadTarget {
  readonly key: string;
  /** Needed for batches, which the app sends and not the holder of one key. */
  readonly appSecret?: string;
}

/** What became of one push at the door: undefined when it was accepted, else the error. */
type Outcome = string | undefined;

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
  async run({ ratePerSecond, seconds, batch, signal }: LoadOptions): Promise<LoadResult> {
    const tally = new Tally(randomBytes(4).toString('hex'));
    this.stream.listen(({ body, receivedAtMs }) => tally.arrived(body ?? '', receivedAtMs));
    const size = batch ?? 1;
    const send = async (request: number, dueAtMs: number): Promise<void> => {
      const first = request * size;
      const outcomes = await this.send(tally.id, first, batch);
      const nowMs = preciseNowMs();
      outcomes.forEach((error, index) =>
        error === undefined ? tally.accepted(first + index, dueAtMs, nowMs) : tally.failed(error),
      );
    };
    const run = await Promise.race([
      openLoop({ ratePerSecond: ratePerSecond / size, seconds, inFlightMax, send, signal }),
      this.stream.broken,
    ]);
    const giveUpAtMs = preciseNowMs() + lostAfterMs;
    while (tally.missing > 0 && preciseNowMs() < giveUpAtMs && !signal?.aborted)
      await Promise.race([pause(pollMs), this.stream.broken]);
    return tally.result(ratePerSecond, { ...run, offered: run.offered * size });
  }

  /** Sends batches as fast as they are answered, and waits for no arrival: the hub delivers afterwards. */
  async acceptOnly(batch: number, seconds: number): Promise<AcceptResult> {
    const id = randomBytes(4).toString('hex');
    const errors: Record<string, number> = {};
    let accepted = 0;
    let next = 0;
    const call = async (): Promise<void> => {
      const first = next;
      next += batch;
      for (const error of await this.send(id, first, batch)) {
        if (error === undefined) accepted += 1;
        else errors[error] = (errors[error] ?? 0) + 1;
      }
    };
    const loop = { concurrency: batchesInFlight, durationMs: seconds * 1_000, callsMax: batchesMax };
    const { calls, perSecond, latencyMs } = await closedLoop({ ...loop, call });
    const acceptedPerSecond = (accepted / Math.max(1, calls)) * perSecond;
    return { batch, inFlight: batchesInFlight, accepted, acceptedPerSecond, requestMs: latencyMs, errors };
  }

  /** Drops the connections. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  /** Sends push `first`, or with `batch` that many from `first` on in one request. What became of each, in order. */
  private async send(id: string, first: number, batch: number | undefined): Promise<readonly Outcome[]> {
    const { key, appSecret = '' } = this.recipientOf(first);
    const indexes = Array.from({ length: batch ?? 1 }, (_, index) => first + index);
    const all = (error: Outcome): readonly Outcome[] => indexes.map(() => error);
    try {
      if (batch === undefined) {
        const { statusCode, text } = await this.post('/v1/pushes', key, pushBody(`${id}.${first}`));
        return all(statusCode === 202 ? undefined : `${statusCode} ${codeIn(text)}`);
      }
      const pushes = indexes.map((index) => ({ key: this.recipientOf(index).key, ...push(`${id}.${index}`) }));
      const { statusCode, text } = await this.post('/v1/pushes/batch', appSecret, JSON.stringify({ pushes }));
      if (statusCode !== 200) return all(`${statusCode} ${codeIn(text)}`);
      const { results } = JSON.parse(text) as { results: readonly { id?: string; error?: { code: string } }[] };
      return indexes.map((_, index) => results[index]?.error?.code ?? (results[index]?.id ? undefined : 'no result'));
    } catch (error) {
      return all((error as { code?: string }).code ?? (error as Error).name);
    }
  }

  private async post(path: string, token: string, body: string): Promise<{ statusCode: number; text: string }> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await this.pool.request({ path, method: 'POST', headers, body });
    return { statusCode: answer.statusCode, text: await answer.body.text() };
  }

  private recipientOf(index: number): PushLoadTarget {
    return this.audience[index % this.audience.length]!;
  }
}

/** Counts one run: the pushes accepted and those that arrived, in whichever order the two are seen. */
class Tally {
  private readonly dueAt = new Map<number, number>();
  private readonly arrivedAt = new Map<number, number>();
  private readonly acceptedAt = new Map<number, number>();
  private readonly errors: Record<string, number> = {};
  private lastAcceptedAtMs = 0;
  private doubled = 0;
  /** Accepted and not yet on a phone. */
  missing = 0;

  constructor(readonly id: string) {}

  accepted(index: number, dueAtMs: number, nowMs: number): void {
    this.dueAt.set(index, dueAtMs);
    this.acceptedAt.set(index, nowMs);
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
    const accepted = this.acceptedAt.size;
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
      acceptMs: summarise([...this.acceptedAt].map(([index, at]) => at - this.dueAt.get(index)!)),
      endToEndMs: summarise(endToEnd),
      generatorLateMs: lateMs,
      timeline: timelineOf(beganAtMs, {
        dueAtMs: this.dueAt,
        acceptedAtMs: this.acceptedAt,
        arrivedAtMs: this.arrivedAt,
      }),
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
