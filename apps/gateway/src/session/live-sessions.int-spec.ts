import { HarkError, uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { bearer, GatewayHarness, problem } from '../gateway.fixture';

describe('a session whose token has not expired', () => {
  let hub: GatewayHarness;
  let token: string;
  beforeAll(async () => {
    hub = await GatewayHarness.start();
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    hub.reset();
    hub.sessionChecks = 0;
    hub.sessionCheck = () => ({ body: null });
    token = await hub.session(['user'], { sid: uuid7(), rv: 2 });
  });

  const call = () => hub.fetch('/v1/bindings', { headers: bearer(token) });
  const ended = (code: 'session.invalid' | 'session.reused' | 'session.expired') => () => {
    throw new HarkError('refused', code, 'over');
  };

  it.each(['session.invalid', 'session.reused', 'session.expired'] as const)(
    'is refused within five seconds of its end, with %s',
    async (code) => {
      expect((await call()).status).toBe(200);
      hub.sessionCheck = ended(code);
      const response = await until(async () => ((await call()).status === 401 ? call() : undefined), {
        what: 'the session is refused',
      });
      expect(await problem(response)).toMatchObject({ status: 401, code });
    },
  );

  it('is asked for once, however many calls it makes', async () => {
    const before = performance.now();
    const replies = await Promise.all(Array.from({ length: 20 }, call));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const secondsPassed = (performance.now() - before) / 1_000;
    expect(hub.sessionChecks).toBeLessThanOrEqual(1 + Math.floor(secondsPassed / 3));
  });

  it('is not taken while nobody can say whether it ended, and is again when somebody can', async () => {
    hub.sessionCheck = () => {
      throw new HarkError('unavailable', 'eventstore.unavailable', 'away');
    };
    const refused = await call();
    expect(await problem(refused)).toMatchObject({ status: 503, code: 'service.unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(hub.asked).toEqual([]);
    hub.sessionCheck = () => ({ body: null });
    expect((await call()).status).toBe(200);
  });

  it('may act as operator or admin once it has shown a second factor, at once', async () => {
    const staff = bearer(await hub.session(['user', 'operator', 'admin'], { sid: uuid7(), rv: 2 }));
    const queue = () => hub.fetch('/v1/ops/complaints', { headers: staff });
    for (const check of [{ secondFactor: false }, null]) {
      hub.sessionCheck = () => ({ body: check });
      expect(await problem(await queue())).toMatchObject({ status: 403, code: 'role.second-factor' });
    }
    // What it may do as a user it may do, and no service learns of the roles.
    expect((await hub.fetch('/v1/bindings', { headers: staff })).status).toBe(200);
    expect(hub.asked.map(({ request }) => request.caller.roles)).toEqual([['user']]);
    hub.sessionCheck = () => ({ body: { secondFactor: true } });
    expect((await queue()).status).toBe(200);
    expect(hub.asked.at(-1)!.request.caller.roles).toEqual(['user', 'operator', 'admin']);
    expect((await hub.fetch('/v1/ops/complaints', { headers: bearer(token) })).status).toBe(403);
  });

  it('is not asked for where no session is needed, nor for a forged one', async () => {
    await hub.fetch('/v1/endpoint-kinds');
    await hub.fetch('/v1/bindings', { headers: bearer(`${token}x`) });
    expect(hub.sessionChecks).toBe(0);
  });
});
