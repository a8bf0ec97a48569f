import { DataSource } from 'typeorm';
import { VaultDatabase } from '@hark/vault';

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;

/**
 * Runs `work` on one connection to the Postgres at `url` and closes it afterwards. The URL is read as the services read
 * it.
 */
export async function onDatabase<T>(url: string, work: (database: VaultDatabase) => Promise<T>): Promise<T> {
  const source = await new DataSource({
    type: 'postgres',
    url,
    poolSize: 1,
    applicationName: 'hark',
    connectTimeoutMS: connectTimeoutMs,
    installExtensions: false,
    extra: { statement_timeout: statementTimeoutMs },
  }).initialize();
  try {
    const runner = source.createQueryRunner();
    try {
      return await work(runner);
    } finally {
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}
