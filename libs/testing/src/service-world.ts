import { Reply } from '@hark/contracts';
import { EventStore, RecordedEvent } from '@hark/eventstore';
import { Clock, DomainEvent, HarkError, plusMs, uuid7 } from '@hark/kernel';
import { Caller, RpcOptions } from '@hark/nats';
import { Keys, RunningService } from '@hark/service';
import { Vault } from '@hark/vault';
import { ServiceHarness } from './service-harness';

/**
 * A service on real stores, in the words that every service's tests need: its clock, what others would have appended, what
 * it stored, asking it. Each service's own world adds its own words.
 */
export class ServiceWorld {
  private readonly ownVault: Vault;
  /** The clock of the service that runs now, once it was moved. */
  private moved: { readonly clock: Clock; aheadMs: number } | undefined;

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
    const clock = this.service.app.get(Clock);
    if (this.moved?.clock !== clock) {
      const moved = { clock, aheadMs: 0 };
      const present = clock.now.bind(clock);
      clock.now = () => plusMs(present(), moved.aheadMs);
      this.moved = moved;
    }
    this.moved.aheadMs += ms;
    this.service.scheduler?.wake();
  }

  /** Appends behind whatever the stream holds; answers where it stands once it is stored. */
  async append(
    category: string,
    id: string,
    ...events: DomainEvent[]
  ): Promise<{ readonly revision: number; readonly position: bigint }> {
    const past = await this.store.read(category, id);
    const expected = past.length === 0 ? ('no-stream' as const) : past.length - 1;
    const commandId = uuid7();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
    return this.store.append(category, id, expected, events, context);
  }

  /** What a stream holds, oldest first. */
  async events<E extends DomainEvent>(category: string, id: string): Promise<E[]> {
    return ((await this.store.read(category, id)) as RecordedEvent<E>[]).map(({ event }) => event);
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

  /** Asks the service: as a service called `test` unless a caller is named. */
  ask<T = Record<string, unknown>>(subject: string, data: unknown = {}, meta: RpcOptions = {}): Promise<Reply<T>> {
    return this.harness.requests.request<T>(subject, data, meta);
  }
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
