import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Worker } from 'node:worker_threads';
import { Started } from './running';
import { startStores } from './stores';

describe('the embedded event store of a hub', () => {
  const home = mkdtempSync(join(tmpdir(), 'hark-stores-'));
  const threads: Worker[] = [];
  const remember = (message: unknown) => threads.push((message as { worker: Worker }).worker);
  beforeAll(() => subscribe('worker_threads', remember));
  afterAll(() => {
    unsubscribe('worker_threads', remember);
    rmSync(home, { recursive: true, force: true });
  });
  const start = async () => {
    const started = new Started();
    const lost: string[] = [];
    let told: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (told = resolve));
    // Addresses that are set are taken as they are: only the event store is started.
    const env = { NATS_URL: 'nats://elsewhere', DATABASE_URL: 'postgres://elsewhere' };
    await startStores({ home, port: 0, sandboxPort: 0, env }, started, (what) => {
      lost.push(what);
      told();
    });
    return { started, lost, heard, thread: threads.at(-1)! };
  };

  it('is reported as lost when its thread ends by itself', async () => {
    const { started, lost, heard, thread } = await start();
    await thread.terminate();
    await heard;
    expect(lost).toEqual(['the event store']);
    await started.close();
  });

  it('is not missed when the hub stops', async () => {
    const { started, lost } = await start();
    await started.close();
    expect(lost).toEqual([]);
  });
});
