import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStore } from '@hark/embedded-eventstore';
import { until } from './until';

/** A real event store of one test, which can be stopped and started again on the same port and data. */
export interface TempStore {
  readonly url: string;
  stop(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one in a folder of its own under the system's temporary folder. */
export async function tempStore(): Promise<TempStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hark-eventstore-'));
  let server: Awaited<ReturnType<typeof startEventStore>> | undefined = await startEventStore({ dataDir, port: 0 });
  const { url, port } = server;
  const stop = async () => {
    await server?.close();
    server = undefined;
  };
  return {
    url,
    stop,
    restart: async () => {
      await stop();
      // Somebody else may have been given the port meanwhile, for as long as a test takes.
      server = await until(() => startEventStore({ dataDir, port }), { what: 'the store starts on its port again' });
    },
    close: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
