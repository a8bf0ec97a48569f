import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';
import { firstPushKey, pushLine } from '../first-push/first-push';
import { Hub, startHub } from './hub';
import { layoutLine } from './layout';
import { processesOf } from './replicas';
import { readSettings } from './settings';

/** How long a clean stop may take before the process ends anyway; what was accepted is safe either way. */
const stopTimeoutMs = 10_000;

/**
 * `hark up`: runs the hub until SIGINT or SIGTERM. Resolves when it has stopped; throws when an embedded store was
 * lost.
 */
export async function up(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const options = { split: flag, replicas: { type: 'string' }, log: flag } as const;
  const { split, replicas, log } = readArguments('up', args, { options }).values;
  const processes = { replicas: processesOf(split, replicas) };
  // Listens from the beginning: a hub told to stop during its start still stops what it has started.
  const asked = stopAsked();
  const hub = await startHub(readSettings(log ? { HARK_LOG: 'info', ...env } : env), processes);
  process.stdout.write(`ready ${hub.url}\n`);
  if (hub.sandboxUrl)
    process.stdout.write(
      `sandbox ${hub.sandboxUrl}  (a phone and a mailbox; no real provider is configured 手机与邮箱沙箱，未接入真实服务商)\n`,
    );
  process.stdout.write(
    `console ${hub.url}  (open it in a browser, or ./hark open: inbox, apps, a first push 用浏览器打开控制台)\n`,
  );
  process.stdout.write(
    `docs ${hub.url}/docs  (every call and every error code; for programs /openapi.json 接口文档，供程序读取的为 /openapi.json)\n`,
  );
  if (hub.env.HARK_SECOND_FACTOR === 'off')
    process.stdout.write(
      'second factor off  (operators need no authenticator; HARK_SECOND_FACTOR=required 运营人员无需两步验证)\n',
    );
  process.stdout.write(`health ${hub.healthUrl}  (/livez /readyz /metrics)\n`);
  process.stdout.write(`${layoutLine(hub.layout)}\n`);
  const over = new AbortController();
  const shown = showFirstPush(hub, over.signal);
  const lost = await Promise.race([asked, hub.lost]);
  over.abort();
  const timer = setTimeout(() => process.exit(1), stopTimeoutMs);
  await hub.close();
  await shown;
  clearTimeout(timer);
  if (lost)
    throw new HarkError(
      'unavailable',
      'store.lost',
      `${lost} ended by itself; what was accepted is safe, start the hub again`,
    );
}

/**
 * Prints a command that pushes and where to see it arrive; nothing where real providers are configured. Never rejects.
 */
async function showFirstPush({ url, sandboxUrl, showHub, home }: Hub, over: AbortSignal): Promise<void> {
  if (!sandboxUrl || !showHub) return;
  try {
    const line = pushLine(url, await firstPushKey(url, sandboxUrl, home));
    showHub({ url, pushLine: line });
    process.stdout.write(`\nA first push, seen on ${sandboxUrl} (第一条推送，在沙箱页面上查看):\n  ${line}\n`);
  } catch (error) {
    // The hub runs all the same. If it is being stopped meanwhile, it no longer answers, and that needs no message.
    if (over.aborted) return;
    process.stderr.write(
      `hark: no first push could be prepared: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
