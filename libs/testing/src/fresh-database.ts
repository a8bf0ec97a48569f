import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** The address of the Postgres server of this test run, set by the global setup. */
export const testDatabaseVariable = 'HARK_TEST_DATABASE_URL';

/** A database nobody else uses. */
export interface FreshDatabase {
  readonly url: string;
  /** Drops it, cutting whoever is still connected after three seconds. */
  close(): Promise<void>;
}

/**
 * How long those may take who are going. A pool says that it has ended when its connections have only said goodbye; one that
 * is cut before the server has heard that fails where nobody listens any more, in whatever test runs then.
 */
const goodbyeMs = 3_000;
const lookEveryMs = 5;

/** Makes an empty database on the test run's server. Tests in parallel get one each. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env[testDatabaseVariable];
  if (!server)
    throw new Error(
      `no Postgres for this test: ${testDatabaseVariable} is not set (see what the start of the run printed)`,
    );
  const name = `hark_test_${randomBytes(8).toString('hex')}`;
  // template0 takes no connections, so parallel copies of it never wait for each other.
  await asAdmin(server, async (admin) => void (await admin.query(`create database ${name} template template0`)));
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = async (admin: Client) => {
    const connected = `select 1 from pg_stat_activity where datname = '${name}' and backend_type = 'client backend'`;
    for (const cutAt = Date.now() + goodbyeMs; Date.now() < cutAt; await pause(lookEveryMs))
      if ((await admin.query(connected)).rows.length === 0) break;
    await admin.query(`drop database if exists ${name} with (force)`);
  };
  return { url: url.href, close: () => asAdmin(server, drop) };
}

async function asAdmin(url: string, work: (admin: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
