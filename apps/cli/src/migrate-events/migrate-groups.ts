import {
  DISPATCH_TO_SINGLE,
  END,
  type PersistentSubscriptionToAllInfo,
  type PersistentSubscriptionToStreamInfo,
  PINNED,
  ROUND_ROBIN,
  START,
} from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { AppendRuns } from './append-runs';
import { BatchWriter } from './batch-writer';
import type { LogPosition } from './copied-event';
import type { GroupBirths } from './group-births';
import { groupKey } from './group-config';
import { type GroupInfo, type GroupStand, groupStand, isToAll } from './group-stand';
import type { PositionMap } from './position-map';
import type { StoreConnection } from './store-connection';

/** A group of the source and how far it has come. */
export interface SourceGroup {
  readonly info: GroupInfo;
  readonly stand: GroupStand;
}

/** What the migration of groups needs. `report` gets a line for each group. */
export interface GroupParts {
  readonly source: StoreConnection;
  readonly target: StoreConnection;
  readonly births: GroupBirths;
  readonly positions: PositionMap;
  readonly report: (line: string) => void;
}

const strategies = [ROUND_ROBIN, DISPATCH_TO_SINGLE, PINNED] as const;
const keyOf = ({ eventSource, groupName }: GroupInfo): string => groupKey(eventSource, groupName);

export async function sourceGroups(source: StoreConnection, births: GroupBirths): Promise<SourceGroup[]> {
  const infos: GroupInfo[] = await source.client.listAllPersistentSubscriptions();
  return infos.map((info) => ({ info, stand: groupStand(info, births.of(info.eventSource, info.groupName)) }));
}

/** The places in `$all` that must be translated for the groups. */
export const placesOf = (groups: readonly SourceGroup[]): LogPosition[] =>
  groups.flatMap(({ stand }) => (stand.is === 'after' ? [stand.place] : []));

/** Throws `conflict` when the target lacks a group of the source. */
export async function verifyGroups(groups: readonly SourceGroup[], target: StoreConnection): Promise<void> {
  const there = new Set((await target.client.listAllPersistentSubscriptions()).map(keyOf));
  const missing = groups.map(({ info }) => keyOf(info)).filter((key) => !there.has(key));
  if (missing.length > 0) {
    throw new HarkError('conflict', 'migrate.different', `the target lacks the groups ${missing.join(', ')}`);
  }
}

/**
 * Makes the source's groups in the target, with their settings, filters and parked events, each to go on after what it
 * has confirmed. May be repeated as long as nobody reads from them; a group in use stays as it is.
 */
export async function migrateGroups(groups: readonly SourceGroup[], parts: GroupParts): Promise<void> {
  const existing: GroupInfo[] = await parts.target.client.listAllPersistentSubscriptions();
  for (const group of groups) {
    const key = keyOf(group.info);
    const there = existing.find((info) => keyOf(info) === key);
    if (there !== undefined && isInUse(there)) {
      parts.report(`group ${key}: in use in the target, left as it is`);
      continue;
    }
    // Parked events first: a server counts them when it makes the group.
    const parked = await copyParked(key, parts);
    const start = await (isToAll(group.info)
      ? migrateToAll(group.info, group.stand, there !== undefined, parts)
      : migrateToStream(group.info, group.stand, there !== undefined, parts));
    const wanted: string = group.info.settings.consumerStrategyName;
    const given: string = strategyOf(group.info.settings).consumerStrategyName;
    const strategy = wanted === given ? '' : `, ${wanted} became ${given}`;
    parts.report(`group ${key}: starts at ${start}${parked > 0 ? `, ${parked} parked events` : ''}${strategy}`);
  }
}

const isInUse = (info: GroupInfo): boolean =>
  info.connections.length > 0 ||
  info.stats.totalItems > 0n ||
  (isToAll(info) ? info.stats.lastCheckpointedEventPosition : info.stats.lastCheckpointedEventRevision) !== undefined;

async function migrateToStream(
  { eventSource, groupName, settings }: PersistentSubscriptionToStreamInfo,
  stand: GroupStand,
  exists: boolean,
  { target: { client } }: GroupParts,
): Promise<string> {
  const startFrom = streamStart(stand);
  const wanted = { ...settings, startFrom, ...strategyOf(settings) };
  if (exists) await client.updatePersistentSubscriptionToStream(eventSource, groupName, wanted);
  else await client.createPersistentSubscriptionToStream(eventSource, groupName, wanted);
  return typeof startFrom === 'bigint' ? `revision ${startFrom}` : `the ${startFrom}`;
}

function streamStart(stand: GroupStand): bigint | typeof START | typeof END {
  if (stand.is === 'unknown') return END;
  return stand.is === 'revision' && stand.next > 0n ? stand.next : START;
}

async function migrateToAll(
  { groupName, settings }: PersistentSubscriptionToAllInfo,
  stand: GroupStand,
  exists: boolean,
  { target, births, positions }: GroupParts,
): Promise<string> {
  const { client } = target;
  const filter = births.of('$all', groupName)?.configured.filter;
  const put = async (startFrom: LogPosition | typeof START | typeof END, isThere: boolean): Promise<void> => {
    const wanted = { ...settings, startFrom, ...strategyOf(settings) };
    if (isThere) await client.updatePersistentSubscriptionToAll(groupName, wanted);
    else await client.createPersistentSubscriptionToAll(groupName, wanted, filter ? { filter } : {});
  };
  const handled = stand.is === 'after' ? positions.targetOf(stand.place) : undefined;
  if (handled === undefined) {
    const startFrom = stand.is === 'unknown' ? END : START;
    await put(startFrom, exists);
    return `the ${startFrom}`;
  }
  let next = await eventAfter(target, handled);
  if (next === undefined) {
    // The very end. Naming it takes an event there, and making the group writes one.
    await put(END, exists);
    next = await eventAfter(target, handled);
    if (next === undefined) return `the ${END}`;
    await put(next, true);
  } else await put(next, exists);
  return `position ${next.commit}`;
}

/** The client (6.2.1) cannot name other strategies; this one also keeps a stream's events together. */
const strategyOf = (settings: GroupInfo['settings']) => ({
  consumerStrategyName: strategies.find((name) => name === settings.consumerStrategyName) ?? PINNED,
});

async function eventAfter(target: StoreConnection, place: LogPosition): Promise<LogPosition | undefined> {
  for await (const { position } of target.readAll(place, 2n)) {
    if (position.commit !== place.commit || position.prepare !== place.prepare) return position;
  }
  return undefined;
}

/** Links to the events that the group gave up and nobody has replayed. Revisions are equal, so the links stay right. */
async function copyParked(key: string, { source, target }: GroupParts): Promise<number> {
  const writer = await BatchWriter.open(target);
  const runs = new AppendRuns();
  let count = 0;
  try {
    for await (const link of source.readStream(`$persistentsubscription-${key}-parked`)) {
      const run = runs.add([{ ...link, revision: BigInt(count) }]);
      if (run !== undefined) await writer.append(run);
      count += 1;
    }
    const last = runs.end();
    if (last !== undefined) await writer.append(last);
    await writer.drained();
  } finally {
    writer.close();
  }
  return count;
}
