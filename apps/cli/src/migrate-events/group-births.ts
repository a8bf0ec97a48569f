import type { CopiedEvent, LogPosition } from './copied-event';
import { type ConfiguredGroup, configuredGroups, groupConfigStream, groupKey } from './group-config';

/** When a group was made, in the source's log. */
export interface GroupBirth {
  readonly position: LogPosition;
  /** The next revision of its stream at that time; 0 for a group on `$all`. */
  readonly nextRevision: bigint;
  readonly configured: ConfiguredGroup;
}

/**
 * Follows the configuration of groups through the source's log. A group that starts at the end and has no checkpoint
 * yet is at the log's end of the time it was made, and only the log still shows where that was.
 */
export class GroupBirths {
  private births = new Map<string, GroupBirth>();

  /** `nextRevision`: of a stream at this point of the log. */
  see(event: CopiedEvent, nextRevision: (streamId: string) => bigint): void {
    if (event.streamId !== groupConfigStream) return;
    const births = new Map<string, GroupBirth>();
    for (const configured of configuredGroups(event)) {
      const key = groupKey(configured.stream, configured.group);
      const known = this.births.get(key);
      births.set(key, {
        position: known?.position ?? event.position,
        nextRevision: known?.nextRevision ?? nextRevision(configured.stream),
        configured,
      });
    }
    this.births = births;
  }

  of(stream: string, group: string): GroupBirth | undefined {
    return this.births.get(groupKey(stream, group));
  }
}
