import { startSandbox } from '@hark/sandbox';

export { startSandbox as start };

async function runAlone(): Promise<void> {
  const sandbox = await startSandbox(process.env);
  console.log(`sandbox ${sandbox.url} ${sandbox.smtpUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
}

if (require.main === module) {
  runAlone().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
