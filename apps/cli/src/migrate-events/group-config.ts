import type { Filter } from '@eventstore/db-client';
import type { CopiedEvent } from './copied-event';

/** The stream in which every server keeps its persistent groups; its events show in `$all`. */
export const groupConfigStream = '$persistentSubscriptionConfig';

/** A group's filter on `$all`, in the client's terms. */
export type GroupFilter = Filter;

/** A group as its server stores it; no call returns this. */
export interface ConfiguredGroup {
  readonly stream: string;
  readonly group: string;
  readonly filter: GroupFilter | undefined;
}

/** `<stream>::<group>`: a group's identity. */
export const groupKey = (stream: string, group: string): string => `${stream}::${group}`;

/** The groups in a configuration event; none when it is not one. Throws for a filter that cannot be understood. */
export function configuredGroups({ streamId, data }: Pick<CopiedEvent, 'streamId' | 'data'>): ConfiguredGroup[] {
  if (streamId !== groupConfigStream) return [];
  const config = parsed(data);
  const entries = isMembers(config) && Array.isArray(config['entries']) ? (config['entries'] as unknown[]) : [];
  return entries.filter(isMembers).map((entry) => ({
    stream: textOf(entry['stream']),
    group: textOf(entry['group']),
    filter: isMembers(entry['filter']) ? filterOf(entry['filter']) : undefined,
  }));
}

/**
 * EventStoreDB writes `{context: streamid|eventtype, type: regex|prefix, data}`, with prefixes joined by commas; the
 * embedded store writes `{context: stream-name|event-type, regex, prefixes, window, multiplier}`.
 */
function filterOf(stored: Members): GroupFilter {
  const filterOn = ['streamid', 'stream-name'].includes(textOf(stored['context'])) ? 'streamName' : 'eventType';
  const { type, window, multiplier } = stored;
  const data = textOf(stored['data']);
  const regex = type === 'regex' ? data : textOf(stored['regex']);
  const prefixes =
    type === 'prefix' ? data.split(',') : Array.isArray(stored['prefixes']) ? stored['prefixes'].map(textOf) : [];
  if (regex === '' && prefixes.length === 0)
    throw new Error(`a filter that cannot be understood: ${JSON.stringify(stored)}`);
  return {
    filterOn,
    ...(regex === '' ? { prefixes } : { regex }),
    checkpointInterval: typeof multiplier === 'number' ? multiplier : 1,
    ...(typeof window === 'number' && { maxSearchWindow: window }),
  };
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
