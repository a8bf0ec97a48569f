import { type RunningSandbox, startSandbox } from '@hark/sandbox';
import { readConfig } from './sandbox.config';

/** Starts the stand-ins by the settings. Rejects, with nothing left open, when one is wrong or a port is taken. */
export async function start(env: NodeJS.ProcessEnv): Promise<RunningSandbox> {
  return startSandbox(readConfig(env));
}

async function runAlone(): Promise<void> {
  const sandbox = await start(process.env);
  console.log(`sandbox ${sandbox.url} ${sandbox.smtpUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
}

if (require.main === module) {
  runAlone().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
