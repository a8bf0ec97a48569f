import { createServer, IncomingMessage } from 'node:http';
import { AddressInfo, connect, createServer as createTcpServer, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Mailer } from './mailer';
import { Outbound, OutboundOptions } from './outbound';
import { OutboundError } from './outbound-error';
import { parseProxyUrl } from './outbound-proxy';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A proxy that notes what it is asked for and connects everything to one local port. */
async function proxyTo(port: number, answer = '200 Connection established') {
  const asked: { to: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => (sockets.add(socket), socket.on('error', () => undefined));
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push({ to: request.url!, authorization: request.headers['proxy-authorization'] });
    keep(client);
    if (!answer.startsWith('200')) return client.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    const upstream = keep(connect(port, '127.0.0.1', () => client.write(`HTTP/1.1 ${answer}\r\n\r\n`)));
    upstream.pipe(client).pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port: proxyPort } = server.address() as AddressInfo;
  return { asked, proxyUrl: `http://hark:p%40ss@127.0.0.1:${proxyPort}` };
}

async function httpServer() {
  const hosts: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.end('behind the proxy');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => server.closeAllConnections(),
  );
  return { hosts, port: (server.address() as AddressInfo).port };
}

function outboundWith(options: OutboundOptions) {
  const outbound = new Outbound(options);
  closers.push(() => outbound.close());
  return outbound;
}

const resolverOf = (...addresses: string[]) => ({ resolve: () => Promise.resolve(addresses) });

const failureOf = async (work: Promise<unknown>): Promise<OutboundError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundError) return error;
  throw new Error('there was an answer', { cause: error });
};

const authorization = `Basic ${Buffer.from('hark:p@ss').toString('base64')}`;

describe('a proxy on the way out', () => {
  it('is told the checked address of a host that somebody named, never the name', async () => {
    const { hosts, port } = await httpServer();
    const { asked, proxyUrl } = await proxyTo(port);
    const outbound = outboundWith({ proxyUrl, resolver: resolverOf('93.184.215.14'), allowHttp: true });
    const reply = await outbound.request({ url: 'http://bark.example/push', method: 'POST', body: '{}' });
    expect(reply.text).toBe('behind the proxy');
    expect(asked).toEqual([{ to: '93.184.215.14:80', authorization }]);
    expect(hosts).toEqual(['bark.example']);
  });

  it('changes nothing about what the guard refuses', async () => {
    const { port } = await httpServer();
    const { asked, proxyUrl } = await proxyTo(port);
    const outbound = outboundWith({ proxyUrl, resolver: resolverOf('93.184.215.14', '10.0.0.1'), allowHttp: true });
    for (const url of ['http://mixed.example/', 'http://127.0.0.1/', 'http://169.254.169.254/', 'http://nas.local/'])
      expect((await failureOf(outbound.request({ url, method: 'GET' }))).reason).toBe('refused');
    expect(asked).toEqual([]);
  });

  it('carries TLS to the host behind it, which proves its own name', async () => {
    let hello = Buffer.alloc(0);
    const server = createTcpServer((socket) =>
      socket.on('error', () => undefined).once('data', (data) => ((hello = data), socket.destroy())),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const { asked, proxyUrl } = await proxyTo((server.address() as AddressInfo).port);
    const outbound = outboundWith({ proxyUrl, resolver: resolverOf('2606:4700::1111') });
    const failure = await failureOf(outbound.request({ url: 'https://tls.example/', method: 'GET' }));
    expect(failure.reason).toBe('unreachable');
    expect(asked).toEqual([{ to: '[2606:4700::1111]:443', authorization }]);
    expect(hello.includes('tls.example')).toBe(true);
  });

  it('is told the name of what the operator configured, and left out inside of the own network', async () => {
    const { port } = await httpServer();
    const { asked, proxyUrl } = await proxyTo(port);
    const inside = `http://127.0.0.1:${port}`;
    const outbound = outboundWith({ proxyUrl, allowOrigins: ['http://api.weixin.example', inside] });
    await outbound.request({ url: 'http://api.weixin.example/sns', method: 'GET', trusted: true });
    await outbound.request({ url: `${inside}/bark/push`, method: 'GET', trusted: true });
    expect(asked.map(({ to }) => to)).toEqual(['api.weixin.example:80']);
  });

  it('that refuses, or is away, makes a host unreachable: nothing of the request has left', async () => {
    const { port } = await httpServer();
    const { proxyUrl } = await proxyTo(port, '403 Forbidden');
    const refused = outboundWith({ proxyUrl, resolver: resolverOf('93.184.215.14'), allowHttp: true });
    const request = { url: 'http://bark.example/', method: 'GET' } as const;
    expect(await failureOf(refused.request(request))).toMatchObject({ reason: 'unreachable', detail: 'PROXY_403' });
    const away = outboundWith({
      proxyUrl: 'http://127.0.0.1:9',
      resolver: resolverOf('93.184.215.14'),
      allowHttp: true,
    });
    expect((await failureOf(away.request(request))).reason).toBe('unreachable');
  });

  it('carries mail to a server outside', async () => {
    const received: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, session, done) => {
        received.push(session.envelope.rcptTo[0]!.address);
        stream.on('end', () => done()).resume();
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
    const { asked, proxyUrl } = await proxyTo((server.server.address() as AddressInfo).port);
    const mailer = new Mailer({ smtpUrl: 'smtp://mail.example.com:587?tls=none', proxyUrl });
    closers.push(() => mailer.close());
    const from = { address: 'hark@example.com' };
    await mailer.send({ to: 'a@example.com', from, subject: 's', text: 't', messageId: '<m.1@example.com>' });
    expect(received).toEqual(['a@example.com']);
    expect(asked).toEqual([{ to: 'mail.example.com:587', authorization }]);
  });

  it.each(['https://proxy.example:3128', 'socks5://proxy.example:1080', 'proxy.example:3128', 'http://proxy.example'])(
    'is refused when it is named %s',
    (url) => {
      expect(() => parseProxyUrl(url)).toThrow(/must/);
    },
  );
});
