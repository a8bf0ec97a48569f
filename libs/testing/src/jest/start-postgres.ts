import { mkdtemp, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testRun } from './test-run';

/**
 * Jest's global setup: one Postgres for the whole run, its address in HARK_TEST_DATABASE_URL. DATABASE_URL, when set, is
 * used instead. Called once per project; only the first call does anything. When Postgres does not start it says why and
 * leaves the variable unset, so that tests without a database still run and the others name the missing variable.
 */
export default async function startPostgresForTests(): Promise<void> {
  if (process.env.HARK_TEST_DATABASE_URL) return;
  if (process.env.DATABASE_URL) {
    process.env.HARK_TEST_DATABASE_URL = process.env.DATABASE_URL;
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'hark-test-postgres-'));
  try {
    const { startPostgres } = await fromSource();
    const server = await startPostgres({ dataDir });
    process.env.HARK_TEST_DATABASE_URL = server.url;
    testRun.stopPostgres = async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    process.stderr.write(
      `Postgres for the tests did not start: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
}

/** Jest compiles what the setup requires but resolves it like plain Node, which would take the libraries' built files. */
async function fromSource(): Promise<typeof import('@hark/embedded-postgres')> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@hark/source'] }),
  });
  try {
    return await import('@hark/embedded-postgres');
  } finally {
    hooks.deregister();
  }
}
