import { Client } from 'pg';
import { EventStore, Installation, InstallationIdentity } from '@hark/eventstore';
import { SystemClock } from '@hark/kernel';
import { Keys } from './keys';

/** How long one connection or statement of the check may take. */
const answerTimeoutMs = 10_000;

/**
 * Makes sure that the event log, the vault in the database and the master key belong together, before anything else is
 * written (`Installation.open` says how and what is refused). Without `keys`: that there is nothing yet that a key would
 * be needed for, or `config.master-key-missing`.
 */
export async function openInstallation(
  databaseUrl: string,
  eventStore: EventStore,
  keys: Keys | undefined,
): Promise<InstallationIdentity | undefined> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
    application_name: 'hark-start',
  });
  // A connection that is cut is reported here as well; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    const installation = new Installation(eventStore, client, new SystemClock());
    if (keys) return await installation.open({ check: keys.check.toString('hex'), vaultKey: keys.vault });
    await installation.assertNoKeyNeeded();
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
