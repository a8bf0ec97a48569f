import type { FilterSettings } from '../filter';
import { allStream, formatStartFrom, groupKey, type GroupSettings, parseStartFrom } from './settings';

/**
 * Where `end` was when the group was created: the next revision of the stream, or, for `$all`, the revision of the
 * configuration event that announced the group, whose position is only known once it is written. A group of `$all` is
 * there before that event is and gets it first, as on EventStoreDB 24.10.
 */
export type ResolvedEnd = { readonly nextRevision: bigint } | { readonly configRevision: bigint };

/** A group as it is stored. */
export interface GroupConfig {
  readonly stream: string;
  readonly group: string;
  readonly settings: GroupSettings;
  readonly filter: FilterSettings | undefined;
  /** Present for a start at the end: without it a restart would lose what came in between. */
  readonly resolvedEnd: ResolvedEnd | undefined;
}

export const keyOf = ({ stream, group }: Pick<GroupConfig, 'stream' | 'group'>): string => groupKey(stream, group);

/** The stored form, stored for ever: add optional fields, rename nothing. Zeros and falses are left out. */
interface StoredEntry {
  stream: string;
  group: string;
  startPosition: string;
  namedConsumerStrategy: string;
  filter?: { context: FilterSettings['on']; regex?: string; prefixes?: string[]; window: number; multiplier: number };
  resolveLinkTos?: boolean;
  extraStatistics?: boolean;
  messageTimeout?: number;
  liveBufferSize?: number;
  historyBufferSize?: number;
  maxRetryCount?: number;
  readBatchSize?: number;
  checkPointAfter?: number;
  minCheckPointCount?: number;
  maxCheckPointCount?: number;
  maxSubscriberCount?: number;
  endAtRevision?: string;
  endAtConfigRevision?: string;
}

interface StoredConfig {
  version: string;
  updated: string;
  updatedBy: string;
  entries: StoredEntry[];
}

const version = '2';

/** The data of a `$PersistentConfig` event: every group there is, in order of creation. */
export function writeConfig(groups: Iterable<GroupConfig>, updatedBy: string, nowMs: number): string {
  const config: StoredConfig = {
    version,
    updated: new Date(nowMs).toISOString(),
    updatedBy,
    entries: Array.from(groups, entryOf),
  };
  return JSON.stringify(config);
}

/** The groups in a `$PersistentConfig` event. Throws when the data is of another version or none. */
export function readConfig(text: string): GroupConfig[] {
  const config = JSON.parse(text) as StoredConfig;
  if (config.version !== version) throw new Error(`persistent subscription configuration of version ${config.version}`);
  return config.entries.map(configOf);
}

function entryOf({ stream, group, settings, filter, resolvedEnd }: GroupConfig): StoredEntry {
  const entry: StoredEntry = {
    stream,
    group,
    startPosition: formatStartFrom(stream, settings.startFrom),
    namedConsumerStrategy: settings.consumerStrategy,
    filter: filter && {
      context: filter.on,
      regex: filter.regex || undefined,
      prefixes: filter.prefixes.length > 0 ? [...filter.prefixes] : undefined,
      window: filter.window,
      multiplier: filter.checkpointIntervalMultiplier,
    },
    resolveLinkTos: settings.resolveLinkTos || undefined,
    extraStatistics: settings.extraStatistics || undefined,
    messageTimeout: settings.messageTimeoutMs || undefined,
    liveBufferSize: settings.liveBufferSize || undefined,
    historyBufferSize: settings.historyBufferSize || undefined,
    maxRetryCount: settings.maxRetryCount || undefined,
    readBatchSize: settings.readBatchSize || undefined,
    checkPointAfter: settings.checkPointAfterMs || undefined,
    minCheckPointCount: settings.minCheckPointCount || undefined,
    maxCheckPointCount: settings.maxCheckPointCount || undefined,
    maxSubscriberCount: settings.maxSubscriberCount || undefined,
  };
  if (resolvedEnd === undefined) return entry;
  return 'nextRevision' in resolvedEnd
    ? { ...entry, endAtRevision: String(resolvedEnd.nextRevision) }
    : { ...entry, endAtConfigRevision: String(resolvedEnd.configRevision) };
}

function configOf(entry: StoredEntry): GroupConfig {
  const { filter } = entry;
  return {
    stream: entry.stream,
    group: entry.group,
    filter: filter && {
      on: filter.context,
      regex: filter.regex ?? '',
      prefixes: filter.prefixes ?? [],
      window: filter.window,
      checkpointIntervalMultiplier: filter.multiplier,
    },
    resolvedEnd: resolvedEndOf(entry),
    settings: {
      startFrom: parseStartFrom(entry.startPosition),
      consumerStrategy: entry.namedConsumerStrategy,
      resolveLinkTos: entry.resolveLinkTos ?? false,
      extraStatistics: entry.extraStatistics ?? false,
      messageTimeoutMs: entry.messageTimeout ?? 0,
      liveBufferSize: entry.liveBufferSize ?? 0,
      historyBufferSize: entry.historyBufferSize ?? 0,
      maxRetryCount: entry.maxRetryCount ?? 0,
      readBatchSize: entry.readBatchSize ?? 0,
      checkPointAfterMs: entry.checkPointAfter ?? 0,
      minCheckPointCount: entry.minCheckPointCount ?? 0,
      maxCheckPointCount: entry.maxCheckPointCount ?? 0,
      maxSubscriberCount: entry.maxSubscriberCount ?? 0,
    },
  };
}

function resolvedEndOf(entry: StoredEntry): ResolvedEnd | undefined {
  if (entry.endAtRevision !== undefined) return { nextRevision: BigInt(entry.endAtRevision) };
  if (entry.endAtConfigRevision !== undefined) return { configRevision: BigInt(entry.endAtConfigRevision) };
  return undefined;
}

/** Whether the group reads the whole log. */
export const isToAll = ({ stream }: Pick<GroupConfig, 'stream'>): boolean => stream === allStream;
