import { uuid7 } from '@hark/kernel';
import { idempotent } from '@hark/testing';
import { Bound, IntakeWorld } from './testing/intake-world.fixture';

describe('how many pushes are taken', () => {
  let world: IntakeWorld;
  // Bursts of 30 to one person and of 40 in all; a machine that is busy refills them meanwhile.
  beforeAll(
    async () =>
      void (world = await IntakeWorld.start({ HARK_PUSH_RATE_PER_RECIPIENT: '1', HARK_PUSH_RATE_PER_OWNER: '20' })),
  );
  afterAll(() => world.close());

  const outcomes = async (count: number, push: (index: number) => Promise<unknown>) => {
    const all = await Promise.allSettled(Array.from({ length: count }, (_, index) => push(index)));
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    return { taken: count - refused.length, refused };
  };

  it('is bounded for one owner to one person, and for nobody else', async () => {
    const ownerId = uuid7();
    const [app, sibling, stranger] = [await world.app(ownerId), await world.app(ownerId), await world.app()];
    const bound = await world.bind(app, { openid: 'one' });
    const elsewhere = await world.bind(stranger);
    const { taken, refused } = await outcomes(60, () => world.push({ credential: bound.key, body: 'x' }));
    expect(taken).toBeGreaterThanOrEqual(30);
    expect(refused[0]).toMatchObject({
      code: 'push.rate-limited',
      detail: { extra: { retryAfter: expect.any(Number) } },
    });
    await expect(world.push({ credential: elsewhere.key, body: 'x' })).resolves.toMatchObject({
      body: { status: 'accepted' },
    });
    const another = await world.bind(sibling);
    await expect(world.push({ credential: another.key, body: 'x' })).resolves.toMatchObject({
      body: { status: 'accepted' },
    });
  });

  it('is bounded for one owner with all their apps, keys and people', async () => {
    const ownerId = uuid7();
    const apps = [await world.app(ownerId), await world.app(ownerId)];
    const bounds: Bound[] = [];
    for (let index = 0; index < 10; index += 1) bounds.push(await world.bind(apps[index % 2]!));
    const pushes = Array.from({ length: 30 }, () => ({ body: 'x' }));
    const batches = await Promise.all(bounds.map(({ key }) => world.pushBatch({ credential: key, pushes })));
    const results = batches.flatMap(({ body }) => body.results);
    const taken = results.filter((result) => !('error' in result));
    expect(taken.length).toBeGreaterThanOrEqual(40);
    expect(taken.length).toBeLessThan(results.length);
  });

  it('counts every push of a batch', async () => {
    const bound = await world.bind(await world.app());
    const pushes = Array.from({ length: 60 }, () => ({ body: 'x' }));
    const { results } = (await world.pushBatch({ credential: bound.key, pushes })).body;
    const refused = results.filter((result) => 'error' in result);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(30);
    expect(refused[0]!.error).toMatchObject({ code: 'push.rate-limited', extra: { retryAfter: expect.any(Number) } });
  });

  it('does not count a repeat, which gets its first answer', async () => {
    const app = await world.app();
    const bound = await world.bind(app);
    const meta = idempotent();
    const push = () => world.push({ credential: bound.key, body: 'x' }, meta);
    const first = await push();
    const { taken } = await outcomes(50, push);
    expect(taken).toBe(50);
    expect((await push()).body).toEqual(first.body);
  });
});
