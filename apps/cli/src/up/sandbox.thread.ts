import { Running } from '@hark/kernel';
import { runAsThread } from './run-as-thread';
import { startHere } from './services';
import { type SandboxPlace, type ShownHub } from './start-sandbox';

interface Sandbox extends Running, SandboxPlace {
  showHub(hub: ShownHub): void;
}

runAsThread(async (env: NodeJS.ProcessEnv) => {
  const sandbox = await startHere<Sandbox>('sandbox', env);
  const { url, smtpUrl } = sandbox;
  return { said: { url, smtpUrl }, hear: (hub) => sandbox.showHub(hub as ShownHub), close: () => sandbox.close() };
});
