import { textOf } from '../codec';
import type { EventLog } from '../event-log';
import { metastreamOf } from '../system-streams';
import { type GroupConfig, readConfig, writeConfig } from './group-config';
import { metadataEvent, systemEvent } from './system-events';

const configStream = '$persistentSubscriptionConfig';
const attemptsMax = 5;
const unreadableMax = 32;

/** The groups there are, as `$PersistentConfig` events of which the last counts. Calls must not overlap. */
export class ConfigStore {
  constructor(private readonly log: EventLog) {}

  /** Events of somebody else's making that cannot be read are passed over, so that they cannot keep a store from starting. */
  load(): GroupConfig[] {
    const state = this.log.state(configStream);
    if (state.is !== 'present' || state.softDeleted) return [];
    for (const event of this.log.readStreamBackwards(configStream, state.last, unreadableMax)) {
      try {
        return readConfig(textOf(event.data));
      } catch {
        continue;
      }
    }
    return [];
  }

  /**
   * Writes what `groups` makes of the revision the new configuration will have, and resolves when it is durable.
   * Somebody else writing to the stream is met by trying again, a bounded number of times.
   */
  async save(groups: (revision: bigint) => Iterable<GroupConfig>, nowMs: number): Promise<void> {
    const state = this.log.state(configStream);
    if (state.is === 'absent') {
      await this.log.append(metastreamOf(configStream), { is: 'any' }, [metadataEvent('{"$maxCount":2}')]);
    }
    let last = state.is === 'present' ? state.last : -1n;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const event = systemEvent('$PersistentConfig', writeConfig(groups(last + 1n), 'system', nowMs));
      const expected = last < 0n ? ({ is: 'no-stream' } as const) : ({ is: 'exact', revision: last } as const);
      const outcome = await this.log.append(configStream, expected, [event]);
      if (outcome.is === 'appended') return;
      if (outcome.is !== 'wrong-expected-version') break;
      last = outcome.actual ?? -1n;
    }
    throw new Error(`could not write to ${configStream}`);
  }

  /** Position of the configuration event with this revision. */
  positionOf(revision: bigint): number | undefined {
    return this.log.readStreamForwards(configStream, revision, 1).find((event) => event.revision === revision)
      ?.position;
  }
}
