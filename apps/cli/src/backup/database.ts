import { Client } from 'pg';

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;

/** Does `work` on one connection to Postgres, which is closed after it. */
export async function onDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
    application_name: 'hark-backup',
  });
  // A connection that is cut is reported here as well; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
