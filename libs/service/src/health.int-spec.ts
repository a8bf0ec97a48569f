import { networkInterfaces } from 'node:os';
import { serveHealth } from './health';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

describe('health', () => {
  it('is answered on both loopbacks and says what is missing', async () => {
    const missing: string[] = ['nats'];
    const replies = { live: () => true, missing: async () => missing, metrics: async () => 'a 1\n' };
    const health = await serveHealth({ host: 'localhost', port: 0 }, replies);
    const { port } = new URL(health.url);
    for (const address of ['localhost', '127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])
      expect((await fetch(`http://${address}:${port}/readyz`)).status).toBe(503);
    missing.pop();
    expect((await fetch(`${health.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${health.url}/metrics`)).text()).toBe('a 1\n');
    await health.close();
  });
});
