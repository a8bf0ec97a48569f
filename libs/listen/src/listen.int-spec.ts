import { once } from 'node:events';
import { createServer as createHttp, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { addressesOf, freePortAt, listenAlso, listenAt } from './listen';

const settings = { host: 'HARK_HOST', port: 'HARK_PORT' };
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const make = () => createHttp((_request, response) => response.end('here'));

describe('listening', () => {
  it('on localhost answers on both loopbacks, on one port', async () => {
    const { port, servers } = await listenAt({ host: 'localhost', port: 0, settings }, make);
    for (const address of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])
      expect(await (await fetch(`http://${address}:${port}/`)).text()).toBe('here');
    for (const server of servers) (server as Server).close();
  });

  it('on every address answers in both families', async () => {
    const { port, servers } = await listenAt({ host: '::', port: 0, settings }, make);
    for (const address of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])
      expect((await fetch(`http://${address}:${port}/`)).ok).toBe(true);
    for (const server of servers) (server as Server).close();
    expect(addressesOf('10.1.2.3')).toEqual(['10.1.2.3']);
  });

  it('with one server on both loopbacks gives it the connections of both', async () => {
    const place = { host: 'localhost', port: 0, settings };
    const main = make();
    let connections = 0;
    main.on('connection', () => (connections += 1));
    const port = await freePortAt(place);
    await once(main.listen(port, '127.0.0.1'), 'listening');
    const close = await listenAlso(main, place);
    const hosts = ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])];
    for (const address of hosts) expect(await (await fetch(`http://${address}:${port}/`)).text()).toBe('here');
    expect(connections).toBe(hosts.length);
    close();
    const closed = once(main, 'close');
    main.close();
    main.closeAllConnections();
    await closed;
    for (const address of hosts) await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
  });

  it('is refused in one sentence that names the setting, and leaves nothing open', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(listenAt({ host: 'localhost', port, settings }, make)).rejects.toMatchObject({
      code: 'config.port-taken',
      message: `port ${port} is taken: end the program that listens there, or set HARK_PORT to another one (0 takes a free one)`,
    });
    const nowhere = listenAt({ host: '192.0.2.1', port: 0, settings }, make);
    await expect(nowhere).rejects.toMatchObject({
      code: 'config.address',
      message: expect.stringContaining('set HARK_HOST to an address of this machine'),
    });
    other.close();
  });
});
