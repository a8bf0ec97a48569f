import { createServer, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { AddressInfo, createServer as createTcpServer, Server as TcpServer, Socket } from 'node:net';
import { until } from '@hark/testing';
import { Outbound, OutboundOptions } from './outbound';
import { OutboundError } from './outbound-error';
import { Resolver } from './resolver';

/** Answers from a script, one list per question; the last one for ever. */
class ScriptedResolver extends Resolver {
  readonly asked: string[] = [];

  constructor(private readonly answers: readonly (readonly string[])[]) {
    super();
  }

  async resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    return this.answers[Math.min(this.asked.length, this.answers.length) - 1] ?? [];
  }
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen<T extends Server | TcpServer>(server: T, host = '127.0.0.1', port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const serve = (handler: RequestListener, host?: string, port?: number) => listen(createServer(handler), host, port);

function outboundWith(options: OutboundOptions): Outbound {
  const outbound = new Outbound(options);
  closers.push(() => outbound.close());
  return outbound;
}

async function failureOf(work: Promise<unknown>): Promise<OutboundError> {
  const error: unknown = await work.then(
    () => new Error('there was an answer'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundError) return error;
  throw error;
}

async function configured(handler: RequestListener) {
  const origin = `http://127.0.0.1:${await serve(handler)}`;
  return { origin, outbound: outboundWith({ allowOrigins: [origin] }) };
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

describe('a configured origin', () => {
  it('is reached on loopback, with method, headers and body, and answers with any status', async () => {
    let seen = {};
    const { origin, outbound } = await configured((request, response) => {
      void bodyOf(request).then((body) => {
        seen = { method: request.method, url: request.url, body, type: request.headers['content-type'] };
        response.writeHead(418, { 'X-Answer': 'tea', 'Set-Cookie': 'a=b' }).end('茶');
      });
    });
    const reply = await outbound.request({
      url: `${origin}/push?x=1`,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '你好',
      trusted: true,
    });
    expect(seen).toEqual({ method: 'POST', url: '/push?x=1', body: '你好', type: 'text/plain' });
    expect(reply).toMatchObject({ status: 418, text: '茶', headers: { 'x-answer': 'tea' } });
    expect(reply.headers).not.toHaveProperty('set-cookie');
  });

  it('keeps its connections and caps them', async () => {
    let open = 0;
    let openMax = 0;
    let connections = 0;
    const server = createServer((_, response) => {
      open += 1;
      openMax = Math.max(openMax, open);
      setImmediate(() => {
        open -= 1;
        response.end('ok');
      });
    });
    server.on('connection', () => (connections += 1));
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const outbound = outboundWith({ allowOrigins: [origin] });
    const replies = await Promise.all(
      Array.from({ length: 500 }, () => outbound.request({ url: origin, method: 'GET', trusted: true })),
    );
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(openMax).toBeLessThanOrEqual(64);
    expect(connections).toBeLessThanOrEqual(64);
  });

  it('does not follow a redirect', async () => {
    const asked: (string | undefined)[] = [];
    const { origin, outbound } = await configured((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/second' }).end();
    });
    const reply = await outbound.request({ url: `${origin}/first`, method: 'GET', trusted: true });
    expect(reply).toMatchObject({ status: 302, headers: { location: '/second' } });
    expect(asked).toEqual(['/first']);
  });

  it('neither asks for compression nor undoes it', async () => {
    const { origin, outbound } = await configured((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(String(request.headers['accept-encoding']));
    });
    expect((await outbound.request({ url: origin, method: 'GET', trusted: true })).text).toBe('identity');
  });

  it('is cut off at the cap of the body', async () => {
    let written = 0;
    const { origin, outbound } = await configured((_, response) => {
      const pump = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) written += 16 * 1024;
      };
      response.on('drain', pump);
      pump();
    });
    const failure = await failureOf(outbound.request({ url: origin, method: 'GET', trusted: true }));
    expect(failure).toMatchObject({ reason: 'too-large', status: 200 });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('is cut off at the cap of the headers', async () => {
    const server = createTcpServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(1000)}\r\n`.repeat(64)}\r\n`);
    });
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const failure = await failureOf(
      outboundWith({ allowOrigins: [origin] }).request({ url: origin, method: 'GET', trusted: true }),
    );
    expect(failure.reason).toBe('too-large');
  });

  it('that hangs costs no more than the deadline, and nobody knows what it did', async () => {
    const { origin, outbound } = await configured(() => undefined);
    const failed: string[] = [];
    const ask = async (timeoutMs: number) => {
      const failure = await failureOf(outbound.request({ url: origin, method: 'GET', timeoutMs, trusted: true }));
      failed.push(`${failure.reason} after ${timeoutMs}`);
    };
    const patient = ask(4_000);
    await Promise.all([patient, ask(1_500)]);
    expect(failed).toEqual(['unknown-outcome after 1500', 'unknown-outcome after 4000']);
  });

  it('that trickles its answer is held to the same deadline', async () => {
    const { origin, outbound } = await configured((_, response: ServerResponse) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const failure = await failureOf(outbound.request({ url: origin, method: 'GET', timeoutMs: 1_500, trusted: true }));
    expect(failure).toMatchObject({ reason: 'unknown-outcome', status: 200 });
  });

  it('that cuts the connection after the request leaves the outcome unknown', async () => {
    const { origin, outbound } = await configured((request) => request.socket.destroy());
    expect((await failureOf(outbound.request({ url: origin, method: 'POST', body: 'x', trusted: true }))).reason).toBe(
      'unknown-outcome',
    );
  });

  it('that speaks no HTTP leaves the outcome unknown', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const failure = await failureOf(
      outboundWith({ allowOrigins: [origin] }).request({ url: origin, method: 'GET', trusted: true }),
    );
    expect(failure.reason).toBe('unknown-outcome');
  });

  it('where nobody listens is unreachable: nothing left', async () => {
    const origin = 'http://127.0.0.1:1';
    const failure = await failureOf(
      outboundWith({ allowOrigins: [origin] }).request({ url: origin, method: 'GET', trusted: true }),
    );
    expect(failure).toMatchObject({ reason: 'unreachable', detail: 'ECONNREFUSED' });
    expect(failure.message).not.toContain('127.0.0.1');
  });

  it('refuses headers that belong to the connection, or that would end the line', async () => {
    const { origin, outbound } = await configured((_, response) => response.end());
    const withHeader = (headers: Record<string, string>) =>
      failureOf(outbound.request({ url: origin, method: 'GET', headers, trusted: true }));
    expect((await withHeader({ Host: 'evil' })).detail).toBe('header-name');
    expect((await withHeader({ 'Transfer-Encoding': 'chunked' })).detail).toBe('header-name');
    expect((await withHeader({ 'x y': '1' })).detail).toBe('header-name');
    expect((await withHeader({ x: 'a\r\nb: c' })).detail).toBe('header-value');
  });

  it('is left alone for a while when most answers fail, and only then', async () => {
    let status = 503;
    let calls = 0;
    const { origin, outbound } = await configured((_, response) => {
      calls += 1;
      response.writeHead(status).end();
    });
    const call = () => outbound.request({ url: origin, method: 'GET', trusted: true });
    let failure: unknown;
    for (let i = 0; i < 500 && failure === undefined; i += 1) await call().catch((error: unknown) => (failure = error));
    expect(failure).toMatchObject({ reason: 'busy', detail: 'breaker-open' });
    expect(calls).toBeGreaterThan(40);
    status = 200;
    await expect(call()).rejects.toMatchObject({ reason: 'busy' });
  });
});

describe("somebody else's URL", () => {
  it('on loopback is refused before anything is resolved or connected', async () => {
    let hits = 0;
    const port = await serve((_, response) => response.end(String((hits += 1))));
    const resolver = new ScriptedResolver([]);
    const outbound = outboundWith({ resolver, allowHttp: true, allowPorts: [port] });
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]', 'localhost']) {
      expect(await failureOf(outbound.request({ url: `http://${host}:${port}/`, method: 'GET' }))).toMatchObject({
        reason: 'refused',
      });
    }
    expect(resolver.asked).toEqual([]);
    expect(hits).toBe(0);
  });

  it('is connected to the address that was checked, whatever the name answers next', async () => {
    const hosts: (string | undefined)[] = [];
    let decoyHits = 0;
    // The decoy first: on its address others listen too, and the same port might be taken there.
    const port = await listen(createTcpServer(() => (decoyHits += 1)));
    const checked: RequestListener = (request, response) => {
      hosts.push(request.headers.host);
      response.end('checked');
    };
    await serve(checked, '127.0.0.2', port);
    const resolver = new ScriptedResolver([['127.0.0.2'], ['127.0.0.1']]);
    const outbound = outboundWith({ resolver, allowHttp: true, allowPorts: [port], allowNetworks: ['127.0.0.2/32'] });
    const url = `http://rebind.example:${port}/`;
    expect((await outbound.request({ url, method: 'GET' })).text).toBe('checked');
    expect(resolver.asked).toEqual(['rebind.example']);
    expect(await failureOf(outbound.request({ url, method: 'GET' }))).toMatchObject({
      reason: 'refused',
      detail: 'address-loopback',
    });
    expect(hosts).toEqual([`rebind.example:${port}`]);
    expect(decoyHits).toBe(0);
  });

  it.each([
    [['8.8.8.8', '10.0.0.1'], 'address-private'],
    [['2606:4700:4700::1111', '::ffff:127.0.0.1'], 'address-embeds-v4'],
    [['fe80::1%eth0'], 'address-link-local'],
    [['not an address'], 'address-unparsable'],
    [Array.from({ length: 10_000 }, () => '8.8.8.8'), 'too-many-addresses'],
  ])('is refused when any of its addresses is (%#)', async (answers, detail) => {
    const outbound = outboundWith({ resolver: new ScriptedResolver([answers]) });
    const failure = await failureOf(outbound.request({ url: 'https://mixed.example/', method: 'GET' }));
    expect(failure).toMatchObject({ reason: 'refused', detail });
  });

  it('without any address is unreachable; a name server that hangs is a timeout', async () => {
    const none = outboundWith({ resolver: new ScriptedResolver([[]]) });
    expect((await failureOf(none.request({ url: 'https://none.example/', method: 'GET' }))).reason).toBe('unreachable');
    const hanging = outboundWith({ resolver: { resolve: () => new Promise(() => undefined) } });
    const failure = await failureOf(hanging.request({ url: 'https://slow.example/', method: 'GET', timeoutMs: 100 }));
    expect(failure).toMatchObject({ reason: 'timeout', detail: 'dns' });
  });

  it('never carries our own secrets', async () => {
    const outbound = outboundWith({ allowOrigins: ['https://api.weixin.qq.com'] });
    const failure = await failureOf(
      outbound.request({ url: 'https://api.weixin.qq.com.evil.example/', method: 'GET', trusted: true }),
    );
    expect(failure).toMatchObject({ reason: 'refused', detail: 'not-configured' });
  });

  it('proves its name in TLS although the address is pinned', async () => {
    let hello = Buffer.alloc(0);
    const server = createTcpServer((socket) => socket.once('data', (data) => ((hello = data), socket.destroy())));
    const port = await listen(server, '127.0.0.2');
    const resolver = new ScriptedResolver([['127.0.0.2']]);
    const outbound = outboundWith({ resolver, allowPorts: [port], allowNetworks: ['127.0.0.2/32'] });
    const failure = await failureOf(outbound.request({ url: `https://tls.example:${port}/`, method: 'GET' }));
    expect(failure.reason).toBe('unreachable');
    expect(hello.includes('tls.example')).toBe(true);
  });

  it('gets at most four requests at a time, all names of one address together', async () => {
    let open = 0;
    let openMax = 0;
    const release: (() => void)[] = [];
    const port = await serve((_, response) => {
      open += 1;
      openMax = Math.max(openMax, open);
      release.push(() => {
        open -= 1;
        response.end();
      });
      if (open === 4) setImmediate(() => release.splice(0).forEach((go) => go()));
    }, '127.0.0.2');
    const resolver = new ScriptedResolver([['127.0.0.2']]);
    const outbound = outboundWith({ resolver, allowHttp: true, allowPorts: [port], allowNetworks: ['127.0.0.2/32'] });
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        outbound.request({ url: `http://victim-${i}.example:${port}/`, method: 'GET' }),
      ),
    );
    expect(replies).toHaveLength(20);
    expect(openMax).toBe(4);
  });

  it('is called busy when too many already wait', async () => {
    const underWay: ServerResponse[] = [];
    const port = await serve((_, response) => underWay.push(response), '127.0.0.2');
    const resolver = new ScriptedResolver([['127.0.0.2']]);
    const outbound = outboundWith({ resolver, allowHttp: true, allowPorts: [port], allowNetworks: ['127.0.0.2/32'] });
    const url = `http://slow.example:${port}/`;
    const ask = (timeoutMs: number) => failureOf(outbound.request({ url, method: 'GET', timeoutMs }));
    const reasons = async (asked: Promise<{ reason: string }>[]) =>
      new Set((await Promise.all(asked)).map(({ reason }) => reason));
    const first = Array.from({ length: 4 }, () => ask(60_000));
    await until(() => underWay.length === 4, { what: 'four are under way' });
    expect(await reasons(Array.from({ length: 96 }, () => ask(300)))).toEqual(new Set(['busy']));
    underWay.forEach((response) => response.destroy());
    expect(await reasons(first)).toEqual(new Set(['unknown-outcome']));
    expect(underWay).toHaveLength(4);
  });
});
