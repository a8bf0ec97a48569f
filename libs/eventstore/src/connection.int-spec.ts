import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore as Server, selfSigned, startEventStore } from '@hark/embedded-eventstore';
import { EventStore } from './event-store';

/** Nothing answers there. */
const deadProxy = 'http://127.0.0.1:1';
const proxyNames = ['grpc_proxy', 'http_proxy', 'https_proxy'];

describe('the way to an event store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-connection-'));
  let server: Server;
  beforeAll(async () => {
    const tls = { ...selfSigned('Hark'), certificateFile: join(folder, 'of this store & no other.crt') };
    writeFileSync(tls.certificateFile, tls.certificate);
    server = await startEventStore({ dataDir: folder, tls, auth: { user: 'admin', password: 'p%,:@/?#&=+ß' } });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is found with a login and a file name that need encoding, and under the scheme’s new name', async () => {
    for (const url of [server.url, server.url.replace('esdb:', 'kurrentdb:')]) {
      const store = EventStore.connect(url);
      await store.ping();
      await store.close();
    }
  });

  it('never leads through a proxy of the environment', async () => {
    const before = proxyNames.map((name) => [name, process.env[name]] as const);
    try {
      for (const name of proxyNames) process.env[name] = deadProxy;
      const store = EventStore.connect(server.url);
      await store.ping();
      await store.close();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('is refused without showing the password', () => {
    for (const url of ['esdb://u:hidden@h?tls=perhaps', 'esdb://u:hidden@h?tlsCaFile=/not/there'])
      expect(() => EventStore.connect(url)).toThrow(/^EVENTSTORE_URL (?!.*hidden)/);
  });
});
