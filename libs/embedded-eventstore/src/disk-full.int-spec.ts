import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EventStoreDBClient, jsonEvent, UnknownError } from '@eventstore/db-client';
import { programOf } from './from-sources';
import { collect, describeEmbedded, newEvents, useDir } from './store.fixture';

import { startEventStore } from '.';

const newDir = useDir();
const appendsMax = 400;

/** A store whose files cannot grow beyond 2 MiB: the nearest thing to a full disk that needs no rights. */
async function startCramped(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const { code, execArgv } = programOf('child.fixture');
  // A process ignores the signal for too large files when its parent did, and gets an error instead.
  const shell = `trap '' XFSZ; ulimit -f 4096; exec "$@"`;
  const args = ['-c', shell, 'sh', process.execPath, ...execArgv, '-e', code, dataDir];
  const child = spawn('sh', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

describeEmbedded('a disk that takes no more', () => {
  it.each([
    ['batch append', {}],
    ['append', { credentials: { username: 'a', password: 'b' } }],
  ])('%s: refused as unknown, reads go on, nothing acknowledged is lost', async (_path, via) => {
    const dataDir = newDir();
    const { child, url } = await startCramped(dataDir);
    const client = EventStoreDBClient.connectionString(url);
    const acknowledged: string[] = [];
    let refusal: unknown;
    for (let n = 0; n < appendsMax && refusal === undefined; n += 1) {
      const event = jsonEvent({ type: 'large', data: 'x'.repeat(20_000) });
      await client.appendToStream('cramped', event, via).then(
        () => acknowledged.push(event.id),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toBeInstanceOf(UnknownError);
    expect(acknowledged.length).toBeGreaterThan(10);
    const idsOf = async (from: EventStoreDBClient) =>
      (await collect(from.readStream('cramped'))).map(({ event }) => event?.id);
    expect(await idsOf(client)).toEqual(acknowledged);
    await expect(client.deleteStream('cramped')).rejects.toBeInstanceOf(UnknownError);
    await client.dispose();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await startEventStore({ dataDir });
    const again = EventStoreDBClient.connectionString(store.url);
    expect(await idsOf(again)).toEqual(acknowledged);
    await again.appendToStream('cramped', newEvents(1), { expectedRevision: BigInt(acknowledged.length - 1) });
    await again.dispose();
    await store.close();
  });
});
