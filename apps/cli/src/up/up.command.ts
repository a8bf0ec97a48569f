import { HarkError } from '@hark/kernel';
import { startHub } from './hub';
import { readSettings } from './settings';

/** How long a clean stop may take before the process ends anyway; what was accepted is safe either way. */
const stopTimeoutMs = 10_000;

/** `hark up`: runs the hub until SIGINT or SIGTERM. Resolves when it has stopped; throws when an embedded store was lost. */
export async function up(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const split = args.includes('--split');
  // Heard from the start: a hub that is asked to stop while it starts still stops what it has started.
  const asked = stopAsked();
  const hub = await startHub(readSettings(args.includes('--log') ? { HARK_LOG: 'info', ...env } : env), { split });
  process.stdout.write(`ready ${hub.url}\n`);
  if (hub.sandboxUrl)
    process.stdout.write(`sandbox ${hub.sandboxUrl}  (a phone and a mailbox; no real provider is configured)\n`);
  const lost = await Promise.race([asked, hub.lost]);
  const timer = setTimeout(() => process.exit(1), stopTimeoutMs);
  await hub.close();
  clearTimeout(timer);
  if (lost)
    throw new HarkError(
      'unavailable',
      'store.lost',
      `${lost} ended by itself; what was accepted is safe, start the hub again`,
    );
}

const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
