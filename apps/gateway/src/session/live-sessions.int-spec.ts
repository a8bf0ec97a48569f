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
        deadlineMs: 5_000,
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

  it('is not asked for where no session is needed, nor for a forged one', async () => {
    await hub.fetch('/v1/endpoint-kinds');
    await hub.fetch('/v1/bindings', { headers: bearer(`${token}x`) });
    expect(hub.sessionChecks).toBe(0);
  });
});
