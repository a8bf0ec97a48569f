import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { startNatsBroker } from '@hark/embedded-nats';
import { ReconnectingConnection } from './reconnecting-connection';

const secret = 'p%,:@/?#&=+ß';

describe('a connection to NATS', () => {
  it('logs in with a token that needs encoding, a comma in it included', async () => {
    const broker = await startNatsBroker({ authToken: secret });
    const connection = await ReconnectingConnection.connect({ url: broker.url, name: 'spec', connectTimeoutMs: 0 });
    expect(connection.isUp).toBe(true);
    await connection.close();
    await broker.close();
  });

  it.each([['a,b'], [encodeURIComponent(secret)]])('says the password %s, decoded, to one server', async (password) => {
    const heard: string[] = [];
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.write('INFO {"server_id":"x","version":"2.10.0","headers":true,"max_payload":1048576}\r\n');
      socket.on('data', (data) => {
        heard.push(data.toString());
        if (data.toString().includes('PING')) socket.write('PONG\r\n');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `nats://hark:${password}@127.0.0.1:${port}`;
    const connection = await ReconnectingConnection.connect({ url, name: 'spec', connectTimeoutMs: 0 });
    const [, said] = /CONNECT (\{.*?\})\r\n/.exec(heard.join('')) ?? [];
    expect(JSON.parse(said!)).toMatchObject({ user: 'hark', pass: decodeURIComponent(password) });
    await connection.close();
    server.close();
  });

  it('refuses an address that cannot be read at once, and shows none of it', async () => {
    const refused = ReconnectingConnection.connect({ url: 'nats://hark:50%off@127.0.0.1:1', name: 'spec' });
    await expect(refused).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.not.stringContaining('off'),
    });
  });
});
