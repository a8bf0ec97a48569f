import type { EventLog } from '../event-log';
import { compileFilter } from '../filter';
import { groupDoesNotExist, groupExists, groupFailed, notReady } from '../service-error';
import { ConfigStore } from './config-store';
import { AllSource, type EventSource, StreamSource } from './event-source';
import { type GroupConfig, isToAll, keyOf, type ResolvedEnd } from './group-config';
import { PersistentSubscription } from './persistent-subscription';
import type { GroupRequest } from './request-settings';
import { allStream, checkBufferSizes, checkStrategyAndStart, groupKey, type Subject } from './settings';
import type { OnUnexpected } from './unary';

const tickMs = 1_000;
const stopDeadlineMs = 5_000;

/**
 * All groups of a log. What changes them (create, update, delete, restart) happens one at a time, in the order of the
 * calls, and is durable before it is answered.
 */
export class PersistentSubscriptions {
  private readonly groups = new Map<string, PersistentSubscription>();
  /** Streams that have had a group since the last (re)start: their list may be empty, that of others does not exist. */
  private readonly known = new Set<string>();
  private readonly config: ConfigStore;
  private readonly stopListening: () => void;
  private readonly ticker: NodeJS.Timeout;
  private changes: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly log: EventLog,
    readonly onUnexpected: OnUnexpected,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.config = new ConfigStore(log);
    this.load();
    this.stopListening = log.onCommitted(() => {
      for (const group of this.groups.values()) group.wake();
    });
    this.ticker = setInterval(() => {
      for (const group of this.groups.values()) group.tick();
    }, tickMs).unref();
  }

  /** Throws `persistent-subscription-does-not-exist`. */
  get(stream: string, group: string): PersistentSubscription {
    const found = this.groups.get(groupKey(stream, group));
    if (found === undefined) throw groupDoesNotExist(stream, group);
    return found;
  }

  /** Every group, ordered by stream and within one by creation. */
  list(): PersistentSubscription[] {
    return [...this.groups.values()].toSorted((a, b) => compare(a.config.stream, b.config.stream));
  }

  /** A stream's groups; throws does-not-exist, with an empty group name, when it has had none since the start. */
  listStream(stream: string): PersistentSubscription[] {
    if (!this.known.has(stream)) throw groupDoesNotExist(stream, '');
    return this.list().filter(({ config }) => config.stream === stream);
  }

  create(request: GroupRequest): Promise<void> {
    return this.change(async () => {
      const subject = this.subject(request);
      checkStreamName(request);
      checkStrategyAndStart(request.settings, subject);
      if (this.groups.has(keyOf(request))) throw groupExists(request.stream, request.group);
      checkBufferSizes(request.settings, subject);
      await this.store(request, request.filter);
    });
  }

  /** Readers are dropped; the group goes on from its checkpoint, if it has one, with its old filter. */
  update(request: GroupRequest): Promise<void> {
    return this.change(async () => {
      const subject = this.subject(request);
      checkStreamName(request);
      const old = this.get(request.stream, request.group);
      checkStrategyAndStart(request.settings, subject);
      checkBufferSizes(request.settings, subject);
      await this.store(request, old.config.filter, old);
    });
  }

  /** Readers are dropped and the group's streams soft-deleted. */
  delete(name: { stream: string; group: string; byStreamForm: boolean }): Promise<void> {
    return this.change(async () => {
      checkStreamName(name);
      const old = this.get(name.stream, name.group);
      const key = keyOf(name);
      await this.save((configs) => configs.filter((config) => keyOf(config) !== key));
      this.groups.delete(key);
      await old.stop();
      for (const { streamId } of [old.checkpoints, old.parker]) {
        if (this.log.state(streamId).is === 'present') await this.log.softDelete(streamId, { is: 'any' });
      }
    });
  }

  /** Drops all readers and starts every group again from what is stored. */
  restart(): Promise<void> {
    return this.change(async () => {
      await Promise.all([...this.groups.values()].map((group) => group.stop()));
      this.load();
    });
  }

  /** Readers are told that they are dropped. Waits for running writes, but not for ever. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.ticker);
    this.stopListening();
    const stopped = Promise.all([this.changes, ...[...this.groups.values()].map((group) => group.stop())]);
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, stopDeadlineMs);
    await Promise.race([stopped, deadline]);
    clearTimeout(timer);
  }

  private subject({ stream, group }: GroupRequest): Subject {
    return { stream, group, head: this.log.head() };
  }

  private change<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.changes.then(() => {
      if (this.closed) throw notReady();
      return work();
    });
    this.changes = done.catch(() => undefined);
    return done;
  }

  private load(): void {
    this.groups.clear();
    this.known.clear();
    for (const config of this.config.load()) this.run(config);
  }

  private run(config: GroupConfig): void {
    this.known.add(config.stream);
    const source = (checkpoint: bigint | undefined) => this.source(config, checkpoint);
    const group = new PersistentSubscription({
      log: this.log,
      config,
      source,
      nowMs: this.nowMs,
      onUnexpected: this.onUnexpected,
    });
    this.groups.set(keyOf(config), group);
    group.wake();
  }

  /** Writes the group down, then stops the one it replaces, whose last checkpoint it begins with, and runs it. */
  private async store(
    { stream, group, settings }: GroupRequest,
    filter: GroupConfig['filter'],
    old?: PersistentSubscription,
  ): Promise<void> {
    const key = groupKey(stream, group);
    // A filter that is no regular expression is refused before anything is written.
    if (filter !== undefined) compileFilter(filter);
    let config: GroupConfig = { stream, group, settings, filter, resolvedEnd: undefined };
    await this.save((configs, revision) => {
      config = { ...config, resolvedEnd: settings.startFrom.is === 'end' ? this.end(stream, revision) : undefined };
      return configs.some((other) => keyOf(other) === key)
        ? configs.map((other) => (keyOf(other) === key ? config : other))
        : [...configs, config];
    });
    await old?.stop();
    this.run(config);
  }

  private save(change: (configs: GroupConfig[], revision: bigint) => GroupConfig[]): Promise<void> {
    const configs = [...this.groups.values()].map(({ config }) => config);
    return this.config.save((revision) => change(configs, revision), this.nowMs());
  }

  private end(stream: string, configRevision: bigint): ResolvedEnd {
    if (stream === allStream) return { configRevision };
    const state = this.log.state(stream);
    return { nextRevision: state.is === 'present' ? state.last + 1n : 0n };
  }

  /** A checkpoint is exclusive, a start inclusive. */
  private source(config: GroupConfig, checkpoint: bigint | undefined): EventSource {
    const { stream, settings, filter } = config;
    const start = checkpoint === undefined ? this.start(config) : checkpoint + 1n;
    if (!isToAll(config)) return new StreamSource(this.log, stream, settings.resolveLinkTos, start);
    const compiled = filter && compileFilter(filter);
    return new AllSource(this.log, compiled, settings.resolveLinkTos, Number(start) - 1);
  }

  private start({ settings: { startFrom }, resolvedEnd }: GroupConfig): bigint {
    if (resolvedEnd !== undefined) {
      if ('nextRevision' in resolvedEnd) return resolvedEnd.nextRevision;
      return BigInt(this.config.positionOf(resolvedEnd.configRevision) ?? this.log.head() + 1);
    }
    if (startFrom.is === 'revision') return startFrom.revision;
    return startFrom.is === 'position' ? startFrom.commit : 0n;
  }
}

/** `$all` has a form of its own, and a stream has a name. */
function checkStreamName({
  stream,
  group,
  byStreamForm,
}: {
  stream: string;
  group: string;
  byStreamForm: boolean;
}): void {
  if (!byStreamForm) return;
  if (stream === '') throw groupFailed(stream, group, 'Bad stream name.');
  if (stream !== allStream) return;
  throw groupFailed(
    stream,
    group,
    'Persistent subscriptions to $all are only supported over gRPC through gRPC clients',
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
