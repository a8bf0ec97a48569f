import {
  END,
  type PersistentSubscriptionToAllInfo,
  type PersistentSubscriptionToStreamInfo,
  START,
} from '@eventstore/db-client';
import type { LogPosition } from './copied-event';
import type { GroupBirth } from './group-births';

export type GroupInfo = PersistentSubscriptionToAllInfo | PersistentSubscriptionToStreamInfo;

/** How far a group is in the source: the target must deliver everything after it. */
export type GroupStand =
  | { readonly is: 'start' }
  /** Made to start at the end, nothing confirmed, and the log no longer shows when it was made. */
  | { readonly is: 'unknown' }
  /** In a stream, whose revisions are the same in the target. */
  | { readonly is: 'revision'; readonly next: bigint }
  /** In the source's `$all`: everything up to and including this place is done. */
  | { readonly is: 'after'; readonly place: LogPosition };

export const isToAll = (info: GroupInfo): info is PersistentSubscriptionToAllInfo => info.eventSource === '$all';

/** Never beyond what the group has confirmed: events may come again in the target, but none is left out. */
export function groupStand(info: GroupInfo, birth: GroupBirth | undefined): GroupStand {
  if (!isToAll(info)) return streamStand(info, birth);
  const { lastCheckpointedEventPosition: checkpoint } = info.stats;
  const { startFrom } = info.settings;
  if (checkpoint !== undefined) return { is: 'after', place: checkpoint };
  if (startFrom === START) return { is: 'start' };
  if (startFrom === END || startFrom === undefined) {
    return birth === undefined ? { is: 'unknown' } : { is: 'after', place: birth.position };
  }
  return { is: 'after', place: justBefore(startFrom) };
}

function streamStand(
  { stats, settings }: PersistentSubscriptionToStreamInfo,
  birth: GroupBirth | undefined,
): GroupStand {
  const { startFrom } = settings;
  if (stats.lastCheckpointedEventRevision !== undefined) {
    return { is: 'revision', next: stats.lastCheckpointedEventRevision + 1n };
  }
  if (startFrom === START) return { is: 'start' };
  if (startFrom !== END && startFrom !== undefined) return { is: 'revision', next: startFrom };
  return birth === undefined ? { is: 'unknown' } : { is: 'revision', next: birth.nextRevision };
}

/** A start position is inclusive, how far a group is is not. */
const justBefore = ({ commit, prepare }: LogPosition): LogPosition =>
  prepare > 0n ? { commit, prepare: prepare - 1n } : { commit: commit - 1n, prepare: commit - 1n };
