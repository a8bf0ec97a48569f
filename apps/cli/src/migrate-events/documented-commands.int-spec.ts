import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { credentials, Metadata } from '@grpc/grpc-js';
import { type CommandRun, runHark, useStores } from './two-stores.fixture';

const document = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'event-store.md'), 'utf8');
const commands = [...document.matchAll(/```sh\n(.*?)\n```/gs)].flatMap(([, block]) => block!.split('\n'));
const { newDir } = useStores();

/** Two ports nobody has at this moment. */
async function freePorts(): Promise<[string, string]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<string>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve(String((server.address() as { port: number }).port)));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0]!, ports[1]!];
}

describe('docs/event-store.md', () => {
  const running: CommandRun[] = [];
  afterEach(async () => {
    for (const run of running.splice(0)) {
      run.child.kill('SIGKILL');
      await run.exited;
    }
  });

  /** Runs a command as it stands there, but for the ports and folders it names. */
  function run(command: string, [port, otherPort]: readonly [string, string], dir: string): CommandRun {
    const words = command
      .replaceAll('2113', port)
      .replaceAll('2114', otherPort)
      .replaceAll(' ./', ` ${dir}/`)
      .replaceAll("'", '')
      .split(' ');
    expect(command).toMatch(/^\.\/hark /);
    const started = runHark(...words.slice(1));
    running.push(started);
    return started;
  }

  it('shows these commands, all of which are run here', () => {
    expect(commands.map((command) => command.replaceAll(/'[^']*'/g, 'URL'))).toEqual([
      './hark event-store --port 2113 --data ./events',
      './hark event-store --port 2113 --data ./events --advertise-host events.example.org --advertise-port 443 --auth hark:secret --max-append 4194304',
      './hark migrate-events --from URL --to URL --state ./migration.json',
      './hark migrate-events --from URL --to URL --verify-only',
    ]);
  });

  it('starts a store, moves it to another, verifies, and stops', async () => {
    const [ports, dir] = [await freePorts(), newDir()];
    const source = run(commands[0]!, ports, dir);
    const target = run(commands[0]!, [ports[1], ports[0]], newDir());
    await Promise.all([source.seen('ready'), target.seen('ready')]);
    expect(source.lines).toEqual([`ready esdb://127.0.0.1:${ports[0]}?tls=false`]);
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${ports[0]}?tls=false`);
    await client.appendToStream('a-1', [jsonEvent({ type: 'a', data: {} }), jsonEvent({ type: 'b', data: {} })]);
    for (const command of commands.slice(2)) {
      const moved = run(command, ports, dir);
      expect([await moved.exited, moved.lines.at(-1)]).toEqual([
        0,
        'done: 2 events, 1 streams and 0 groups are the same in both stores',
      ]);
    }
    await client.dispose();
    for (const store of [source, target]) {
      store.child.kill('SIGTERM');
      expect(await store.exited).toBe(0);
    }
  });

  it('starts a store for nobody but who can read its address', async () => {
    const [ports, dir] = [await freePorts(), newDir()];
    const file = join(dir, 'address');
    const store = run(`${commands[0]!} --private ${file}`, ports, dir);
    await store.seen('ready');
    expect(store.lines).toEqual([`ready on port ${ports[0]}, address in ${file}`]);
    for (const each of [file, `${file}.crt`]) expect(statSync(each).mode & 0o777).toBe(0o600);
    const stranger = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${ports[0]}?tls=false`);
    const append = (client: EventStoreDBClient) => client.appendToStream('a-1', jsonEvent({ type: 'a', data: {} }));
    await expect(append(stranger)).rejects.toThrow();
    const owner = EventStoreDBClient.connectionString(readFileSync(file, 'utf8').trim());
    await append(owner);
    for (const client of [stranger, owner]) await client.dispose();
    store.child.kill('SIGTERM');
    expect(await store.exited).toBe(0);
  });

  it('starts a store with everything said', async () => {
    const [ports, dir] = [await freePorts(), newDir()];
    const store = run(commands[1]!, ports, dir);
    await store.seen('ready');
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${ports[0]}?tls=false`);
    await expect(client.appendToStream('a-1', jsonEvent({ type: 'a', data: {} }))).rejects.toMatchObject({
      type: 'access-denied',
    });
    await client.dispose();
    const gossip = new GossipClient(`127.0.0.1:${ports[0]}`, credentials.createInsecure());
    const login = new Metadata();
    login.set('authorization', `Basic ${Buffer.from('hark:secret').toString('base64')}`);
    const cluster = await new Promise<ClusterInfo>((resolve, reject) => {
      gossip.read(new Empty(), login, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    const endPoint = cluster.getMembersList()[0]?.getHttpEndPoint();
    expect([endPoint?.getAddress(), endPoint?.getPort()]).toEqual(['events.example.org', 443]);
    gossip.close();
    store.child.kill('SIGTERM');
    expect(await store.exited).toBe(0);
  });
});
