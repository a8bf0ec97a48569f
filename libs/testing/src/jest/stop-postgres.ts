import { testRun } from './test-run';

/** Jest's global teardown: ends the Postgres that the setup started, if it did. Calling it again is harmless. */
export default async function stopPostgresForTests(): Promise<void> {
  const stop = testRun.stopPostgres;
  if (!stop) return;
  delete testRun.stopPostgres;
  delete process.env.HARK_TEST_DATABASE_URL;
  await stop();
}
