import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The address of the Postgres server of this test run, set by the global setup. */
export const testDatabaseVariable = 'HARK_TEST_DATABASE_URL';

/** A database nobody else uses. */
export interface FreshDatabase {
  readonly url: string;
  /** Drops it, cutting whoever is still connected. */
  close(): Promise<void>;
}

/** Makes an empty database on the test run's server. Tests in parallel get one each. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env[testDatabaseVariable];
  if (!server)
    throw new Error(
      `no Postgres for this test: ${testDatabaseVariable} is not set (see what the start of the run printed)`,
    );
  const name = `hark_test_${randomBytes(8).toString('hex')}`;
  // template0 takes no connections, so parallel copies of it never wait for each other.
  await run(server, `create database ${name} template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => run(server, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
