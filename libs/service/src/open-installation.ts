import { EventStore } from '@hark/eventstore';
import { SystemClock } from '@hark/kernel';
import { InstallationIdentity } from '@hark/vault';
import { Installation } from './installation';
import { Keys } from './keys';
import { onDatabase } from './on-database';

/**
 * Makes sure that the event log, the vault in the database and the master key belong together before anything else is
 * written (`Installation.open` says how, and what it refuses). Without `keys` throws `config.master-key-missing` unless
 * nothing exists yet that needs one.
 */
export function openInstallation(
  databaseUrl: string,
  eventStore: EventStore,
  keys: Keys | undefined,
): Promise<InstallationIdentity | undefined> {
  return onDatabase(databaseUrl, async (database) => {
    const installation = new Installation(eventStore, database, new SystemClock());
    if (keys) return installation.open({ check: keys.check.toString('hex'), vaultKey: keys.vault });
    await installation.assertNoKeyNeeded();
    return undefined;
  });
}
