import { connect as connectSocket } from 'node:net';
import { Controller, INestMicroservice, Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { headers as natsHeaders, NatsConnection } from 'nats';
import { defer, Observable, of, throwError } from 'rxjs';
import { z } from 'zod';
import { parse, Reply } from '@hark/contracts';
import { startNatsBroker } from '@hark/embedded-nats';
import { HarkError } from '@hark/kernel';
import { poisonSubject, publishRaw, RawReply, until } from '@hark/testing';

import {
  Caller,
  CallerTokens,
  HarkErrorFilter,
  HarkNatsServer,
  HarkNatsServerOptions,
  RequestContext,
  requestContextOf,
  RpcClient,
  RpcOptions,
} from '.';

const callerKey = Buffer.alloc(32, 1);
const user: Caller = { kind: 'user', userId: 'u-1', roles: ['user'], sessionId: 's-1' };
const echoRequest = z.strictObject({ text: z.string().max(100) });

/** Held shut until a test opens it. */
const gate = { open: (): void => {}, opened: Promise.resolve() };
const shutGate = (): void => {
  gate.opened = new Promise((resolve) => (gate.open = resolve));
};

const failures: Record<string, () => unknown> = {
  error: () => {
    throw new Error('secret');
  },
  text: () => {
    throw 'a text';
  },
  nothing: () => {
    throw undefined;
  },
  rejection: () => Promise.reject(new TypeError('secret')),
  bareRejection: async () => {
    throw null;
  },
  observable: () => throwError(() => new Error('secret')),
  bareObservable: () => throwError(() => 7),
  lateObservable: () => defer(() => Promise.reject(new Error('secret'))),
  bigint: () => ({ body: 1n }),
  circle: () => {
    const circle: { body?: unknown } = {};
    circle.body = circle;
    return circle;
  },
  huge: () => ({ body: 'x'.repeat(2_000_000) }),
  toJson: () => ({
    body: {
      toJSON: () => {
        throw new Error('secret');
      },
    },
  }),
};

@Controller()
class SampleHandler {
  static executed = 0;

  @MessagePattern('sample.echo')
  async echo(
    @Payload() body: unknown,
    @Ctx() context: NatsContext,
  ): Promise<Reply<{ text: string; seen: RequestContext }>> {
    const seen = requestContextOf(context);
    const { text } = parse(echoRequest, body);
    SampleHandler.executed++;
    return { body: { text, seen }, position: '7-sample' };
  }

  @MessagePattern('sample.refuse')
  refuse(): never {
    const detail = { extra: { until: '2026-12-01T00:00:00.000Z' }, errors: [{ path: 'a', message: 'b' }] };
    throw new HarkError('refused', 'sample.refused', 'the rules say no', detail);
  }

  @MessagePattern('sample.break')
  break(@Payload() body: { how: string }): unknown {
    const fail = failures[body.how];
    return fail ? fail() : { body: null };
  }

  @MessagePattern('sample.observe')
  observe(): Observable<Reply> {
    return of({ body: 'observed' });
  }

  @MessagePattern('sample.wait')
  async wait(@Payload() body: unknown): Promise<Reply> {
    await gate.opened;
    return { body };
  }
}

@Module({ controllers: [SampleHandler], providers: [{ provide: APP_FILTER, useClass: HarkErrorFilter }] })
class SampleModule {}

const subjects = ['sample.echo', 'sample.refuse', 'sample.break', 'sample.observe', 'sample.wait'];
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

let broker: Awaited<ReturnType<typeof startNatsBroker>>;
let service: RpcClient;
let server: HarkNatsServer;
let app: INestMicroservice;
let client: RpcClient;

async function startService(more: Partial<HarkNatsServerOptions> = {}): Promise<void> {
  service = await RpcClient.connect({ url: broker.url, name: 'sample', service: 'sample', callerKey });
  server = new HarkNatsServer({
    connection: service.connection,
    queue: 'sample',
    callerKey,
    ...more,
  });
  app = await NestFactory.createMicroservice(SampleModule, { strategy: server, logger: false, abortOnError: false });
  await app.listen();
  await server.flushed();
}

async function stopService(): Promise<void> {
  await app.close();
  await service.close();
}

beforeAll(() => process.on('unhandledRejection', noteUnhandled));
beforeEach(async () => {
  unhandled.length = 0;
  SampleHandler.executed = 0;
  gate.opened = Promise.resolve();
  broker = await startNatsBroker({});
  await startService();
  client = await RpcClient.connect({ url: broker.url, name: 'client', service: 'client', callerKey });
});
afterEach(async () => {
  gate.open();
  await stopService();
  await client.close();
  await broker.close();
  expect(unhandled).toEqual([]);
});
afterAll(() => void process.off('unhandledRejection', noteUnhandled));

const ask = <T = unknown>(subject: string, data: unknown, meta: RpcOptions = {}): Promise<Reply<T>> =>
  client.request<T>(subject, data, { caller: user, ...meta });
const refusal = (kind: string, code: string): unknown => expect.objectContaining({ kind, code });
const subscriptionsOf = (connection: NatsConnection): number =>
  (connection as unknown as { protocol: { subscriptions: { size(): number } } }).protocol.subscriptions.size();

describe('a request', () => {
  it('reaches the handler with its data and context, and its answer comes back', async () => {
    const meta: RpcOptions = {
      requestId: '019a0000-0000-7000-8000-000000000001',
      commandId: '019a0000-0000-7000-8000-000000000002',
      requestHash: 'ab'.repeat(32),
      position: '12-binding',
      locale: 'en',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const answer = await ask<{ text: string; seen: RequestContext }>('sample.echo', { text: '你好 😀' }, meta);
    expect(answer.position).toBe('7-sample');
    expect(answer.body.text).toBe('你好 😀');
    const { deadlineMs, ...seen } = answer.body.seen;
    expect(seen).toEqual({ ...meta, caller: user, subject: 'sample.echo' });
    expect(deadlineMs - Date.now()).toBeGreaterThan(3_000);
  });

  it('without a caller of its own is asked in the name of the service', async () => {
    const answer = await client.request<{ seen: RequestContext }>('sample.echo', { text: 'a' });
    expect(answer.body.seen.caller).toEqual({ kind: 'service', service: 'client', roles: [] });
  });

  it('is answered from an observable too', async () =>
    expect(await ask('sample.observe', {})).toEqual({ body: 'observed' }));

  it('brings back the error that was thrown, whole', () =>
    expect(ask('sample.refuse', {})).rejects.toMatchObject({
      name: 'HarkError',
      kind: 'refused',
      code: 'sample.refused',
      message: 'the rules say no',
      detail: { extra: { until: '2026-12-01T00:00:00.000Z' }, errors: [{ path: 'a', message: 'b' }] },
    }));

  it.each(Object.keys(failures))('that ends in a defect (%s) is answered without telling of it', async (how) => {
    const failure: unknown = await ask('sample.break', { how }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'unavailable', code: 'hark.internal' });
    expect(JSON.stringify(failure)).not.toContain('secret');
    expect(await ask('sample.break', { how: 'not' })).toEqual({ body: null });
  });

  it('is answered as wrong when its reply is not what the contract says, where that is checked', async () => {
    await stopService();
    const wrong = new HarkError('invalid', 'reply.invalid', 'body.text: too short');
    await startService({
      checkReply: (subject, reply) => {
        if (subject === 'sample.echo' && (reply as Reply<{ text: string }>).body.text === '') throw wrong;
      },
    });
    await expect(ask('sample.echo', { text: '' })).rejects.toMatchObject({ code: wrong.code, message: wrong.message });
    expect(await ask('sample.echo', { text: 'x' })).toMatchObject({ body: { text: 'x' } });
  });

  it('to nobody fails at once', async () => {
    await expect(ask('nobody.there', {})).rejects.toEqual(refusal('unavailable', 'service.unavailable'));
  });

  it('past its deadline is not carried out', async () => {
    await expect(raw('sample.echo', '{"text":"late"}', { deadlineMs: Date.now() - 1 })).resolves.toMatchObject({
      err: { kind: 'unavailable', code: 'request.deadline' },
    });
    expect(SampleHandler.executed).toBe(0);
  });

  it('without an answer in time fails by itself', async () => {
    // One that never answers: a service that hears of it too late says so, which may come first.
    service.connection.subscribe('sample.silent');
    await service.connection.flush();
    await expect(ask('sample.silent', 1, { timeoutMs: 50 })).rejects.toEqual(refusal('unavailable', 'request.timeout'));
    await expect(ask('sample.silent', 1, { deadlineMs: Date.now() + 50 })).rejects.toEqual(
      refusal('unavailable', 'request.timeout'),
    );
    expect(client.waiting).toBe(0);
  });

  it.each([
    ['no caller', {}],
    [
      'a caller who signed for another subject',
      { 'hark-caller': () => new CallerTokens(callerKey).sign(user, 'sample.refuse') },
    ],
    [
      'a caller who signed with another key',
      { 'hark-caller': () => new CallerTokens(Buffer.alloc(32, 9)).sign(user, 'sample.echo') },
    ],
    ['a garbled caller', { 'hark-caller': () => 'x.y.z' }],
  ])('with %s is refused', async (_, sent: Record<string, () => string | Promise<string>>) => {
    const values = Object.fromEntries(
      await Promise.all(Object.entries(sent).map(async ([name, value]) => [name, await value()])),
    );
    const reply = await publishRaw(
      client.connection,
      'sample.echo',
      Buffer.from('{"text":"a"}'),
      values as Record<string, string>,
    );
    expect(reply).toMatchObject({ err: { kind: 'refused', code: 'caller.unsigned' } });
    expect(SampleHandler.executed).toBe(0);
  });

  it('that another service does not take as signed, as after a jump of a clock, is no fault of its caller', async () => {
    const otherKey = { url: broker.url, name: 'stranger', service: 'client', callerKey: Buffer.alloc(32, 9) };
    const stranger = await RpcClient.connect(otherKey);
    try {
      const told = stranger.request('sample.echo', { text: 'a' });
      await expect(told).rejects.toEqual(refusal('unavailable', 'caller.unsigned'));
      await expect(told).rejects.toMatchObject({ detail: { extra: { retryAfter: 1 } } });
      expect(SampleHandler.executed).toBe(0);
    } finally {
      await stranger.close();
    }
  });

  it.each(['hark-deadline', 'hark-command-id', 'hark-request-hash', 'hark-position'])(
    'with a garbled %s is refused by name',
    async (name) => {
      const token = await new CallerTokens(callerKey).sign(user, 'sample.echo');
      const reply = await publishRaw(client.connection, 'sample.echo', Buffer.from('{"text":"a"}'), {
        'hark-caller': token,
        [name]: '☃ garbled',
      });
      expect(reply).toMatchObject({
        err: { kind: 'invalid', code: 'request.invalid', errors: [{ path: `headers.${name}` }] },
      });
    },
  );

  it('in the envelope of Nest keeps its correlation id', async () => {
    const reply = await raw('sample.echo', '{"pattern":"sample.echo","id":"n-1","data":{"text":"a"}}');
    expect(reply).toMatchObject({ id: 'n-1', isDisposed: true, response: { body: { text: 'a' } } });
  });

  it('that nobody waits for is not carried out', async () => {
    const headers = natsHeaders();
    headers.append('hark-caller', await new CallerTokens(callerKey).sign(user, 'sample.echo'));
    client.connection.publish('sample.echo', '{"text":"a"}', { headers });
    await ask('sample.observe', {});
    expect(SampleHandler.executed).toBe(0);
  });
});

describe('too much', () => {
  it('at once is answered as overload, and what was begun still ends', async () => {
    await stopService();
    await startService({ inFlightMax: 4 });
    shutGate();
    const begun = Array.from({ length: 4 }, (_, n) => ask('sample.wait', n));
    await until(() => server.inFlight === 4, { what: 'four requests at work' });
    await expect(ask('sample.observe', {})).rejects.toMatchObject({
      code: 'service.overloaded',
      detail: { extra: { retryAfter: 1 } },
    });
    gate.open();
    expect(await Promise.all(begun)).toEqual([0, 1, 2, 3].map((body) => ({ body })));
    expect(await ask('sample.observe', {})).toEqual({ body: 'observed' });
  });

  it('waiting for a frozen service costs no subscriptions', async () => {
    shutGate();
    const before = subscriptionsOf(client.connection);
    const waiting = Array.from({ length: 200 }, () => ask('sample.wait', 1, { timeoutMs: 4_000 }));
    await until(() => client.waiting === 200, { what: '200 requests waiting' });
    expect(subscriptionsOf(client.connection)).toBe(before);
    const ended = await Promise.allSettled(waiting);
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    expect({ waiting: client.waiting, subscriptions: subscriptionsOf(client.connection) }).toEqual({
      waiting: 0,
      subscriptions: before,
    });
  });
});

describe('stopping', () => {
  it('answers every request at hand and takes no other', async () => {
    shutGate();
    const begun = Array.from({ length: 20 }, (_, n) => ask('sample.wait', n));
    await until(() => server.inFlight === 20, { what: 'twenty requests at work' });
    const stopped = app.close();
    await until(
      () =>
        ask('sample.observe', {}).then(
          () => false,
          (error: HarkError) => error.code === 'service.unavailable',
        ),
      {
        what: 'new requests are turned away',
      },
    );
    gate.open();
    expect(await Promise.all(begun)).toEqual(begun.map((_, body) => ({ body })));
    await stopped;
    expect(server.inFlight).toBe(0);
  });
});

describe('a broker that goes away', () => {
  it('is waited for: requests asked meanwhile are answered when it is back', async () => {
    await ask('sample.observe', {});
    const port = Number(new URL(broker.url).port);
    await broker.close();
    await until(() => !client.isUp && !service.isUp, { what: 'both ends notice' });
    await expect(ask('sample.observe', {}, { timeoutMs: 50 })).rejects.toEqual(
      refusal('unavailable', 'service.unavailable'),
    );
    const asked = ask('sample.observe', {});
    broker = await until(() => startNatsBroker({ port }), { what: 'the broker starts on its port again' });
    // The client may be back before the service is: then nobody is there yet, and asking again is right.
    await asked.catch((error: HarkError) => expect(error.code).toBe('service.unavailable'));
    await until(() => ask('sample.observe', {}).catch(() => undefined), { what: 'requests are answered again' });
  });
});

describe('a closed client', () => {
  it('fails what waits and what is asked later, at once', async () => {
    shutGate();
    const waiting = ask('sample.wait', 1);
    await until(() => server.inFlight === 1, { what: 'the request is at work' });
    const failed = expect(waiting).rejects.toEqual(refusal('unavailable', 'service.unavailable'));
    await client.close();
    await failed;
    await expect(ask('sample.observe', {})).rejects.toEqual(refusal('unavailable', 'service.unavailable'));
    expect(client.waiting).toBe(0);
  });
});

describe('poison', () => {
  const poisonsPerSubject = 10_000;

  it.each(subjects)(
    `${poisonsPerSubject} malformed payloads at %s are all answered with typed errors`,
    async (subject) => {
      const options = {
        caller: user,
        callerKey,
        count: poisonsPerSubject,
        seed: 20_261_122,
        unfit: subject === 'sample.echo',
      };
      const codes = await poisonSubject(client.connection, subject, options);
      // The payload is read first, so only readable ones come as far as the caller and the contract.
      const further = options.unfit ? ['caller.unsigned', 'request.invalid'] : [];
      expect([...codes.keys()].sort()).toEqual([...further, 'request.not-json', 'request.too-deep']);
      expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(poisonsPerSubject);
      expect(SampleHandler.executed).toBe(0);
      expect(await ask('sample.observe', {})).toEqual({ body: 'observed' });
    },
  );

  it('in the headers, below what a client library can send, is answered or ignored', async () => {
    const garbage = [
      'NATS/1.0\r\nno colon\r\n\r\n',
      'NATS/1.0\r\nbad key\x01: x\r\n\r\n',
      '\xff\xfe\xfd\xfc',
      'NATS/1.0 abc\r\n: \r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\n',
      '',
    ];
    const { port } = new URL(broker.url);
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('CONNECT {"headers":true,"verbose":false,"pedantic":false,"protocol":1}\r\nSUB answers 1\r\n');
    let answered = '';
    socket.on('data', (data) => (answered += data.toString()));
    for (const text of garbage) {
      const bytes = Buffer.from(text, 'latin1');
      socket.write(
        Buffer.concat([
          Buffer.from(`HPUB sample.echo answers ${bytes.length} ${bytes.length + 2}\r\n`),
          bytes,
          Buffer.from('{}\r\n'),
        ]),
      );
    }
    socket.write('PING\r\n');
    await until(() => answered.includes('PONG'), { what: 'the broker has taken it all' });
    expect(await ask('sample.observe', {})).toEqual({ body: 'observed' });
    socket.destroy();
  });

  it('in the headers of an answer, fails that one request and nothing else', async () => {
    const socket = connectSocket(Number(new URL(broker.url).port), '127.0.0.1');
    socket.on('error', () => {});
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString();
      const [, inbox] = /HMSG sample\.odd 1 (\S+)/.exec(heard) ?? [];
      if (inbox) socket.end(`HPUB ${inbox} 24 24\r\nNATS/1.0\r\nbad key: x\r\n\r\n\r\n`);
    });
    socket.write('CONNECT {"headers":true,"verbose":false}\r\nSUB sample.odd 1\r\nPING\r\n');
    await until(() => heard.includes('PONG'), { what: 'it serves' });
    await expect(ask('sample.odd', {})).rejects.toMatchObject({ code: 'hark.internal' });
    expect(await ask('sample.observe', {})).toEqual({ body: 'observed' });
  });
});

async function raw(subject: string, payload: string, { deadlineMs }: { deadlineMs?: number } = {}): Promise<RawReply> {
  const token = await new CallerTokens(callerKey).sign(user, subject);
  return publishRaw(client.connection, subject, Buffer.from(payload), {
    'hark-caller': token,
    ...(deadlineMs === undefined ? {} : { 'hark-deadline': String(deadlineMs) }),
  });
}
