import { Reply } from '@hark/contracts';
import { EventStore, RecordedEvent } from '@hark/eventstore';
import {
  Clock,
  DomainEvent,
  HarkError,
  latestPosition,
  parsePosition,
  plusMs,
  positionToken,
  uuid7,
} from '@hark/kernel';
import { Caller, RpcOptions } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Keys, RunningService } from '@hark/service';
import { Vault } from '@hark/vault';
import { ServiceHarness } from './service-harness';
import { until } from './until';

/** Where something was appended. */
type Appended = Awaited<ReturnType<EventStore['append']>>;

/** How long an answer may take on a slow machine, within the patience of `until`. */
const answerMs = 20_000;

/** How many times as fast time passes for whoever is in a hurry, and how often it does. */
const hurry = 20;
const hurryMs = 250;

/**
 * A service on real stores, in the words that every service's tests need: its clock, what others would have appended, what
 * it stored, asking it. Each service's own world adds its own words.
 *
 * What the test has written or seen stored, the service's lists show: like a client that sends back its `Hark-Position`,
 * `ask` sends the latest one that it knows of.
 */
export class ServiceWorld {
  private readonly ownVault: Vault;
  private known: string | undefined;
  /** The clock of the service that runs now, once it was moved. */
  private moved: { readonly clock: Clock; aheadMs: number; stoodAt?: string | undefined } | undefined;

  constructor(readonly harness: ServiceHarness<RunningService>) {
    const { vault: vaultKey, lookup: lookupKey } = harness.keys;
    this.ownVault = new Vault({ query: (sql, parameters) => harness.sql(sql, parameters) }, { vaultKey, lookupKey });
  }

  /** To seal what others would have sealed. */
  get vault(): Vault {
    return this.ownVault;
  }

  get service(): RunningService {
    return this.harness.service;
  }

  get store(): EventStore {
    return this.harness.eventStore;
  }

  get keys(): Keys {
    return this.harness.keys;
  }

  close(): Promise<void> {
    return this.harness.close();
  }

  /** What the service takes as the present time. */
  now(): string {
    return this.service.app.get(Clock).now();
  }

  /** Moves the service's clock on, for everything in it. A service that was started again tells the true time. */
  passTime(ms: number): void {
    const moved = this.movedClock();
    if (moved.stoodAt === undefined) moved.aheadMs += ms;
    else moved.stoodAt = plusMs(moved.stoodAt, ms);
    this.service.scheduler?.wake();
  }

  /** Holds the service's clock for as long as `work` takes: of time, only what is passed in it passes. */
  async whileTimeStands<T>(work: () => Promise<T>): Promise<T> {
    const moved = this.movedClock();
    const from = this.now();
    moved.stoodAt = from;
    try {
      return await work();
    } finally {
      // It goes on from where it was moved to, and never back.
      moved.aheadMs += Date.parse(moved.stoodAt) - Date.parse(from);
      moved.stoodAt = undefined;
    }
  }

  private movedClock(): NonNullable<ServiceWorld['moved']> {
    const clock = this.service.app.get(Clock);
    if (this.moved?.clock !== clock) {
      const moved: NonNullable<ServiceWorld['moved']> = { clock, aheadMs: 0 };
      const present = clock.now.bind(clock);
      clock.now = () => moved.stoodAt ?? plusMs(present(), moved.aheadMs);
      this.moved = moved;
    }
    return this.moved;
  }

  /** The condition, while the service's time passes twenty times as fast, however seldom it is asked. */
  hurried<T>(condition: () => Promise<T>): () => Promise<T> {
    let passedAtMs = performance.now() - hurryMs;
    return () => {
      const sinceMs = performance.now() - passedAtMs;
      if (sinceMs >= hurryMs) {
        this.passTime(Math.round(sinceMs * hurry));
        passedAtMs += sinceMs;
      }
      return condition();
    };
  }

  /** Appends behind whatever the stream holds by then; answers where it stands once it is stored. */
  async append(category: string, id: string, ...events: DomainEvent[]): Promise<Appended> {
    const commandId = uuid7();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
    const attempt = async (): Promise<Appended> => {
      const past = await this.store.read(category, id);
      const expected = past.length === 0 ? ('no-stream' as const) : past.length - 1;
      return this.store.append(category, id, expected, events, context);
    };
    const appended = await unlessRefused('eventstore.lost-race', attempt);
    this.know(positionToken(appended.position, category));
    return appended;
  }

  /** What a stream holds, oldest first. */
  async events<E extends DomainEvent>(category: string, id: string): Promise<E[]> {
    const stored = (await this.store.read(category, id)) as RecordedEvent<E>[];
    const last = stored.at(-1);
    if (last) this.know(positionToken(last.position, category));
    return stored.map(({ event }) => event);
  }

  /** The types of what a stream holds, without the word before the dot. */
  async types(category: string, id: string): Promise<string[]> {
    return (await this.events(category, id)).map(({ type }) => type.slice(type.indexOf('.') + 1));
  }

  /** The data of the events of all streams of a category, oldest first. */
  async dataOfAll<Data>(category: string): Promise<Data[]> {
    const found: Data[] = [];
    for await (const { event } of this.store.client.readAll({ maxCount: 10_000 })) {
      if (event?.streamId.startsWith(`${category}-`)) found.push(event.data as Data);
    }
    return found;
  }

  /**
   * Asks the service: as a service called `test` unless a caller is named, and to show all that the test knows of unless a
   * position is named. Waits while the service's tables are further behind than its clients would wait.
   */
  async ask<T = Record<string, unknown>>(
    subject: string,
    data: unknown = {},
    meta: RpcOptions = {},
  ): Promise<Reply<T>> {
    const position = meta.position ?? this.known;
    const asked = { timeoutMs: answerMs, ...meta, ...(position !== undefined && { position }) };
    const attempt = () => this.harness.requests.request<T>(subject, data, asked);
    const reply = await unlessRefused('readmodel.behind', attempt);
    this.know(reply.position);
    return reply;
  }

  /** Remembers a position, where the service's tables can show it. */
  private know(position: string | undefined): void {
    if (position === undefined || !this.service.app.get(ReadModel).categories.has(parsePosition(position).category))
      return;
    this.known = latestPosition([this.known, position]);
  }
}

/** The result of `attempt`, which is made again while it is refused with `code`. */
async function unlessRefused<T>(code: string, attempt: () => Promise<T>): Promise<T> {
  const attempted = async () => {
    try {
      return { result: await attempt() };
    } catch (error) {
      if (error instanceof HarkError && error.code === code) throw error;
      return { error };
    }
  };
  const outcome = await until(attempted, { what: `no ${code}` });
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

export const user = (userId: string): Caller => ({ kind: 'user', userId, roles: ['user'] });
export const operator = (userId = uuid7()): Caller => ({ kind: 'user', userId, roles: ['user', 'operator'] });
export const anonymous: Caller = { kind: 'anonymous', roles: [] };

/** What a gateway adds for an Idempotency-Key: the same for a repeat. */
export const idempotent = (requestHash = 'a'.repeat(64)) => ({ commandId: uuid7(), requestHash });

/** The error that a request was refused with; fails when it was carried out. */
export async function refused(asked: Promise<unknown>): Promise<HarkError> {
  const answer = await asked.catch((error: unknown) => error);
  if (answer instanceof HarkError) return answer;
  throw new Error(`it was carried out: ${JSON.stringify(answer)}`, { cause: answer });
}

/** The code of that error. */
export const refusal = async (asked: Promise<unknown>): Promise<string> => (await refused(asked)).code;
