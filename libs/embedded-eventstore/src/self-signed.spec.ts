import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { selfSigned } from './self-signed';

describe('a certificate made at the start', () => {
  it('is for the loopback, holds at every time, and belongs to its key', () => {
    const { certificate, privateKey } = selfSigned('Hark event store');
    const read = new X509Certificate(certificate);
    for (const name of ['localhost', '127.0.0.1', '::1']) {
      expect(read.checkHost(name) ?? read.checkIP(name)).toBe(name);
    }
    expect(read.checkHost('example.org')).toBeUndefined();
    expect([read.validFromDate.getUTCFullYear(), read.validToDate.getUTCFullYear()]).toEqual([1970, 9999]);
    expect(read.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
  });

  it('is another one each time', () => {
    const [a, b] = [selfSigned('one'), selfSigned('one')];
    expect(new X509Certificate(a.certificate).serialNumber).not.toBe(new X509Certificate(b.certificate).serialNumber);
    expect(a.privateKey).not.toBe(b.privateKey);
  });

  it('lets a client that trusts it in, and no client that trusts another', async () => {
    const pair = selfSigned('Hark event store');
    const server = createServer({ key: pair.privateKey, cert: pair.certificate }, (socket) => socket.end());
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const dial = (ca: string): TLSSocket => connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    const trusted = dial(pair.certificate);
    await once(trusted, 'secureConnect');
    expect(trusted.authorized).toBe(true);
    trusted.destroy();
    const [error] = (await once(dial(selfSigned('Hark event store').certificate), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/CERT|SIGNATURE/);
    await new Promise((closed) => server.close(closed));
  });
});
