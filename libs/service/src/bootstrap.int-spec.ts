import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Controller, Injectable, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Client } from 'pg';
import { HarkError, uuid7 } from '@hark/kernel';
import { Caller, RpcClient } from '@hark/nats';
import { doorTo, poisonSubject, ServiceHarness, serviceHarness, startStack, until } from '@hark/testing';
import { SampleModule, sampleOptions, start } from './sample-service.fixture';

import { bootstrap, Config, Keys, RunningService } from '.';

const admin: Caller = { kind: 'user', userId: 'u-1', roles: ['user', 'admin'] };
const user: Caller = { kind: 'user', userId: 'u-2', roles: ['user'] };
const text = async (url: string): Promise<{ status: number; body: string }> => {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
};

describe('a service', () => {
  let sample: ServiceHarness<RunningService>;
  beforeAll(async () => {
    sample = await serviceHarness(start);
  });
  afterAll(() => sample.close());

  const opened = async (points: number): Promise<{ id: string; position: string }> => {
    const id = uuid7();
    const { position } = await sample.requests.request('sample.open', { id, points });
    return { id, position: position! };
  };

  it('carries out commands, and reads what was written', async () => {
    const { id, position } = await opened(12);
    expect(await sample.requests.request('sample.get', { id }, { position })).toEqual({
      body: { id, points: 12, throttled: false },
    });
    expect(await sample.eventStore.read('standing', id)).toMatchObject([
      { event: { type: 'standing.opened', data: { points: 12 } } },
    ]);
  });

  it('reacts to what happened', async () => {
    const { id } = await opened(2);
    const throttled = async () =>
      (await sample.sql('select 1 from sample.standings where id = $1 and throttled', [id])).length > 0;
    await until(throttled, { what: 'the standing is throttled' });
  });

  it('refuses what does not fit its contract, by field', () =>
    expect(sample.requests.request('sample.open', { id: 'x', points: 'many', more: 1 })).rejects.toMatchObject({
      code: 'request.invalid',
      detail: { errors: expect.arrayContaining([{ path: 'id', message: 'must be a UUID' }]) as unknown },
    }));

  it('says how it is', async () => {
    const { healthUrl } = sample.service;
    expect(await text(`${healthUrl}/livez`)).toEqual({ status: 200, body: 'ok' });
    expect(await text(`${healthUrl}/readyz`)).toEqual({ status: 200, body: 'ok' });
    expect((await text(`${healthUrl}/other`)).status).toBe(404);
    const { body } = await text(`${healthUrl}/metrics`);
    expect(body).toMatch(/hark_requests_total\{subject="sample.open",code="ok",service="sample"\} \d/);
    expect(body).toContain('hark_readmodel_leader{service="sample"} 1');
    expect(body).toMatch(/hark_events_total\{type="standing.opened",service="sample"\} \d/);
    expect(body).toContain('hark_reactor_parked{group="sample.throttle-when-few",service="sample"} 0');
    expect(body).toContain('# TYPE hark_reactions_processed_total counter');
  });

  it('rebuilds its read models for admins and services, and nobody else', async () => {
    await opened(7);
    const rebuilt = { body: { tables: [{ table: 'sample.standings', equal: true }] } };
    expect(
      await sample.requests.request('sample.rebuild-read-models', {}, { caller: admin, timeoutMs: 20_000 }),
    ).toMatchObject(rebuilt);
    expect(await sample.requests.request('sample.rebuild-read-models', {}, { timeoutMs: 20_000 })).toMatchObject(
      rebuilt,
    );
    const asked = { progress: true };
    expect(await sample.requests.request('sample.rebuild-read-models', asked)).toEqual({ body: {} });
    await expect(sample.requests.request('sample.rebuild-read-models', {}, { caller: user })).rejects.toMatchObject({
      kind: 'refused',
      code: 'role.required',
    });
  });

  it.each(['sample.open', 'sample.get', 'sample.pause'])(
    'survives malformed requests at %s, and stores nothing',
    async (subject) => {
      const before = await sample.sql('select * from sample.standings order by id');
      const options = { caller: user, callerKey: sample.keys.caller, count: 2_000, seed: 7, unfit: true };
      await poisonSubject(sample.requests.connection, subject, options);
      expect(await sample.sql('select * from sample.standings order by id')).toEqual(before);
    },
  );

  it('is there again after a restart, with what it had', async () => {
    const { id, position } = await opened(9);
    await sample.restart();
    expect(await sample.requests.request('sample.get', { id }, { position })).toMatchObject({ body: { points: 9 } });
  });
});

describe('a service whose store goes away', () => {
  const away = async (variable: 'EVENTSTORE_URL' | 'DATABASE_URL' | 'NATS_URL') => {
    const stack = await startStack();
    const door = await doorTo(stack.env[variable]);
    const service = await start({ ...stack.env, [variable]: door.url });
    const { caller: callerKey } = new Keys(new Config(stack.env).masterKey);
    const requests = await RpcClient.connect({ url: stack.env.NATS_URL, name: 't', service: 'test', callerKey });
    const health = (path: string) => text(`${service.healthUrl}${path}`);
    const reported = async (dependency: string, up: boolean): Promise<void> => {
      const body = up ? 'ok' : `ok, without: ${dependency}`;
      // Asked anew each time, within a second: on a slow machine one look may be told something else than the next.
      await until(
        async () => {
          expect(await health('/readyz')).toEqual({ status: 200, body });
          expect((await health('/metrics')).body).toContain(
            `hark_dependency_up{dependency="${dependency}",service="sample"} ${Number(up)}`,
          );
          return true;
        },
        { what: body },
      );
      expect(await health('/livez')).toEqual({ status: 200, body: 'ok' });
    };
    const close = async () => {
      await door.open();
      await service.close();
      await requests.close();
      await Promise.all([door.close(), stack.close()]);
    };
    const open = (id: string) => requests.request('sample.open', { id, points: 9 });
    const get = (id: string, position?: string) =>
      requests.request('sample.get', { id }, position === undefined ? {} : { position });
    return { door, reported, close, open, get };
  };

  it('stays ready without Postgres, goes on writing events, and says unavailable where it has to read', async () => {
    const { door, reported, close, open, get } = await away('DATABASE_URL');
    await door.shut();
    const id = uuid7();
    const { position } = await open(id);
    await expect(get(id)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'database.unavailable',
      detail: { extra: { retryAfter: 2 } },
    });
    await reported('database', false);
    await door.open();
    await until(() => get(id, position), { what: 'it reads again' });
    await reported('database', true);
    await close();
  });

  it('stays ready without the event store, goes on reading, and says unavailable where it has to write', async () => {
    const { door, reported, close, open, get } = await away('EVENTSTORE_URL');
    const id = uuid7();
    const { position } = await open(id);
    await get(id, position);
    await door.shut();
    await expect(open(uuid7())).rejects.toMatchObject({
      kind: 'unavailable',
      code: expect.stringMatching(/^eventstore\./) as unknown,
    });
    expect(await get(id)).toMatchObject({ body: { id } });
    await reported('eventstore', false);
    await door.open();
    await until(() => open(uuid7()), { what: 'it writes again' });
    await reported('eventstore', true);
    await close();
  });

  it('stays ready without NATS, and answers when it is back', async () => {
    const { door, reported, close, open } = await away('NATS_URL');
    await door.shut();
    await reported('nats', false);
    await door.open();
    await reported('nats', true);
    await until(() => open(uuid7()), { what: 'it answers again' });
    await close();
  });
});

describe('several services in one process', () => {
  it('share nothing, and one stops without the other', async () => {
    const sample = await serviceHarness(start);
    const other = await bootstrap({ name: 'other', module: class {} }, sample.env);
    try {
      await other.close();
      expect(await sample.requests.request('sample.pause', { ms: 0 })).toEqual({ body: { ms: 0 } });
      await expect(sample.requests.request('other.rebuild-read-models', {})).rejects.toMatchObject({
        code: 'service.unavailable',
      });
    } finally {
      await other.close();
      await sample.close();
    }
  });

  it('replicas take turns at the migrations and share the requests', async () => {
    const sample = await serviceHarness((env) =>
      Promise.all([start(env), start(env), start(env)]).then((services) => ({
        close: async () => void (await Promise.all(services.map((service) => service.close()))),
      })),
    );
    expect(await sample.requests.request('sample.pause', { ms: 0 })).toEqual({ body: { ms: 0 } });
    await sample.close();
  });
});

describe('a start that cannot succeed', () => {
  const failure = (env: NodeJS.ProcessEnv, options = {}): Promise<unknown> =>
    bootstrap({ ...sampleOptions, storeTimeoutMs: 20_000, ...options }, env).then(
      () => 'it started',
      (error: unknown) => error,
    );

  it('names every wrong setting, and no value', async () => {
    const wrong = {
      NATS_URL: 'http://secret',
      HARK_MASTER_KEY: 'c2VjcmV0',
      HARK_LOG: 'loud',
      HARK_HEALTH_PORT: '99999999',
    };
    const error = (await failure(wrong)) as HarkError;
    expect(error.code).toBe('config.invalid');
    const named = [
      'EVENTSTORE_URL is not set',
      'NATS_URL',
      'DATABASE_URL is not set',
      'HARK_MASTER_KEY',
      'HARK_LOG',
      'HARK_HEALTH_PORT',
    ];
    for (const part of named) expect(error.message).toContain(part);
    expect(error.message).not.toContain('secret');
  });

  it.each(['EVENTSTORE_URL', 'NATS_URL', 'DATABASE_URL'])(
    'says that the store at %s cannot be reached',
    async (variable) => {
      const stack = await startStack();
      const nowhere = {
        EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
        NATS_URL: 'nats://127.0.0.1:1',
        DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/d',
      };
      try {
        const env = { ...stack.env, [variable]: nowhere[variable as keyof typeof nowhere] };
        const error = await failure(env, { storeTimeoutMs: 2_000 });
        expect(error).toMatchObject({
          code: 'start.unreachable',
          message: expect.stringContaining(variable) as unknown,
        });
        expect((error as Error).message).not.toContain('secret');
      } finally {
        await stack.close();
      }
    },
  );

  it('is refused with another master key, log or database before it writes anything', async () => {
    const [stack, empty] = await Promise.all([startStack(), startStack()]);
    await (await start(stack.env)).close();
    const schemas = async ({ DATABASE_URL }: { DATABASE_URL: string }): Promise<unknown> => {
      const client = new Client(DATABASE_URL);
      await client.connect();
      try {
        return (await client.query(`select nspname from pg_namespace where nspname !~ '^pg_' order by 1`)).rows;
      } finally {
        await client.end();
      }
    };
    const before = await Promise.all([schemas(stack.env), schemas(empty.env)]);
    const { EVENTSTORE_URL, DATABASE_URL, HARK_MASTER_KEY } = empty.env;
    const other = { name: 'other' };
    expect(await failure({ ...stack.env, HARK_MASTER_KEY }, other)).toMatchObject({
      code: 'config.master-key-mismatch',
      message: expect.stringContaining('HARK_MASTER_KEY') as unknown,
    });
    expect(await failure({ ...stack.env, DATABASE_URL }, other)).toMatchObject({ code: 'vault.missing' });
    expect(await Promise.all([schemas(stack.env), schemas(empty.env)])).toEqual(before);
    const nobody = new Client(stack.env.DATABASE_URL);
    await nobody.connect();
    await nobody.query(`insert into vault.person_keys values ($1, null)`, [uuid7()]);
    await nobody.end();
    expect(await failure({ ...stack.env, EVENTSTORE_URL }, other)).toMatchObject({ code: 'eventstore.missing' });
    expect(await Promise.all([schemas(stack.env), schemas(empty.env)])).toEqual(before);
    await (await start(stack.env)).close();
    await Promise.all([stack.close(), empty.close()]);
  });

  it('names the handler that does not say who may ask', async () => {
    @Controller()
    class SilentHandler {
      @MessagePattern('sample.silent')
      handle(): void {}
    }
    @Module({ controllers: [SilentHandler] })
    class SilentModule {}
    const stack = await startStack();
    const options = { module: SilentModule, reactors: [] };
    expect(await failure(stack.env, options)).toMatchObject({ message: expect.stringContaining('sample.silent') });
    await stack.close();
  });

  it('leaves nothing open: a module that cannot be wired does not end the process', async () => {
    @Injectable()
    class Needy {
      constructor(readonly missing: Needed) {}
    }
    @Module({ imports: [SampleModule], providers: [Needy] })
    class Broken {}
    const stack = await startStack();
    expect(await failure(stack.env, { module: Broken })).toMatchObject({
      message: expect.stringContaining('Needed') as unknown,
    });
    const running = await start(stack.env);
    await running.close();
    await stack.close();
  });
});
class Needed {
  readonly here = false;
}

describe('SIGTERM', () => {
  it('answers the twenty requests at hand, then ends the process cleanly', async () => {
    const stack = await startStack();
    const repo = resolve(__dirname, '../../..');
    const script = `
      const { readFileSync } = require('node:fs');
      const { transformSync } = require('@swc/core');
      const swc = { ...JSON.parse(readFileSync('.swcrc', 'utf8')), swcrc: false };
      require.extensions['.ts'] = (m, f) => m._compile(transformSync(readFileSync(f, 'utf8'), { ...swc, filename: f }).code, f);
      require('./libs/service/src/sample-service.fixture.ts').main();`;
    const child = spawn(process.execPath, ['--conditions=@hark/source', '-e', script], {
      cwd: repo,
      env: { ...process.env, ...stack.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const gone = exited.then(() => Promise.reject(new Error('the service ended before it was ready')));
    const [healthUrl] = (await Promise.race([once(createInterface(child.stdout), 'line'), gone])) as [string];
    const { caller } = new Keys(new Config(stack.env).masterKey);
    const requests = await RpcClient.connect({
      url: stack.env.NATS_URL,
      name: 'test',
      service: 'test',
      callerKey: caller,
    });
    const asked = Array.from({ length: 20 }, () => requests.request('sample.hold', {}, { timeoutMs: 30_000 }));
    const atHand = async () =>
      (await text(`${healthUrl}/metrics`)).body.includes('hark_requests_in_flight{service="sample"} 20');
    await until(atHand, { what: 'all twenty are at hand' });
    child.kill('SIGTERM');
    const replies = await Promise.allSettled(asked);
    expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await exited).toEqual([0, null]);
    await requests.close();
    await stack.close();
  });
});
