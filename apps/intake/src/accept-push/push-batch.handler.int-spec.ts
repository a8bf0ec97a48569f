import { aadOf, chunkPushesMax, PushBatchReply, PushedEvent } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { idempotent, refusal } from '@hark/testing';
import { at, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

type Result = PushBatchReply['results'][number];

describe('accepting a batch', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const toldOf = (result: Result) => ('error' in result ? result.error.code : result.status);
  const idOf = (result: Result) => ('id' in result ? result.id : '');
  const pushed = async (id: string) => {
    const [first, ...more] = await world.store.read('message', id);
    expect(more).toEqual([]);
    return (first!.event as PushedEvent).data;
  };

  it('answers each push as if it had come alone, in order, and a wrong one fails by itself', async () => {
    const [ann, bob, gone, deaf] = [
      await world.bind(app),
      await world.bind(app, { confirmed: false }),
      await world.bind(app),
      await world.bind(app, { level: 'none' }),
    ];
    await world.unbind(gone);
    const long = { body: '文'.repeat(4_000), title: '题'.repeat(200), url: `https://x.example/${'路'.repeat(1_900)}` };
    const asked: readonly (readonly [push: unknown, told: string])[] = [
      [{ openid: ann.openid, body: 'first', priority: 'high' }, 'accepted'],
      [{ openid: ann.openid, body: 'x', sendAt: at }, 'request.invalid'],
      ['no object', 'request.invalid'],
      [null, 'request.invalid'],
      [{ openid: ann.openid, body: '\ud800' }, 'request.invalid'],
      [{ body: 'to whom?' }, 'request.invalid'],
      [{ openid: ann.openid, ...long }, 'request.too-large'],
      [{ openid: 'nobody', body: 'x' }, 'binding.unknown'],
      [{ openid: gone.openid, body: 'x' }, 'binding.ended'],
      [{ openid: deaf.openid, body: 'x' }, 'binding.refused'],
      [{ openid: bob.openid, body: 'x' }, 'binding.unconfirmed'],
      [{ key: `${bob.key.slice(0, -3)}xxx`, body: 'x' }, 'key.invalid'],
      [{ key: bob.key, body: 'by his key' }, 'accepted'],
      [{ openid: ann.openid, body: 'last' }, 'accepted'],
    ];
    const pushes = asked.map(([push]) => push);
    const { body, position, replayed } = await world.pushBatch({ credential: app.secret, pushes });
    expect(body.results.map(toldOf)).toEqual(asked.map(([, told]) => told));
    expect(body.results[1]).toMatchObject({ error: { kind: 'invalid', errors: [{ path: 'sendAt' }] } });
    expect(body.results[2]).toMatchObject({ error: { errors: [{ path: '$', message: 'must be an object' }] } });
    const tooLong = { kind: 'invalid', code: 'request.too-large', extra: { max: 16_384 } };
    expect(body.results[6]).toMatchObject({ error: { ...tooLong, errors: [{ path: '$' }] } });
    expect(position).toMatch(/^\d+-message$/);
    expect(replayed).toBeUndefined();

    const [first, toBob, last] = await Promise.all([0, 12, 13].map((index) => pushed(idOf(body.results[index]!))));
    expect(first).toMatchObject({ personId: ann.personId, consentId: ann.consentId, priority: 'high', sentBy: 'app' });
    expect(toBob).toMatchObject({ personId: bob.personId, priority: 'normal' });
    expect(world.presented.splice(0)).toEqual([{ credential: app.secret, key: bob.key }]);
    const text = await world.vault.open(last!.content, aadOf.content(idOf(body.results[13]!)));
    expect(JSON.parse(text!)).toEqual({ body: 'last' });
  });

  it('counts each wrong key of a batch as a try of its own, and one that came with many pushes once', async () => {
    const { key } = await world.bind(app);
    // No key ends in an x: of its last letter only four bits are used.
    const wrong = (n: number) => `${key.slice(0, -4)}${String(n).padStart(3, '0')}x`;
    const caller = { kind: 'key' as const, roles: [], source: uuid7() };
    const told = async (pushes: readonly object[]) =>
      (await world.pushBatch({ credential: app.secret, pushes }, { caller })).body.results.map(toldOf);
    // No wait is over meanwhile, however slow the machine.
    await world.whileTimeStands(async () => {
      expect(await told(Array.from({ length: 9 }, () => ({ key: wrong(0), body: 'x' })))).toEqual(
        Array.from({ length: 9 }, () => 'key.invalid'),
      );
      await told(Array.from({ length: 20 }, (_, n) => ({ key: wrong(n + 1), body: 'x' })));
      const mixed = [
        { key: wrong(101), body: 'x' },
        { key, body: 'the right one' },
      ];
      expect(await told(mixed)).toEqual(['request.too-many-guesses', 'accepted']);
    });
  });

  it('is refused as a whole for a bad credential, and for what is no part of a batch', async () => {
    const bound = await world.bind(app);
    const code = (credential: string, length: number) =>
      refusal(world.pushBatch({ credential, pushes: Array.from({ length }, () => ({ body: 'x' })) }));
    expect(await code(`${bound.key.slice(0, -3)}xxx`, 1)).toBe('key.invalid');
    expect(await code(bound.key, 0)).toBe('request.invalid');
    expect(await code(bound.key, chunkPushesMax + 1)).toBe('request.invalid');
  });

  it('gives the same answers again under its Idempotency-Key, also when a consent has gone', async () => {
    const [kept, left] = [await world.bind(app), await world.bind(app)];
    const pushes = [{ openid: kept.openid, body: 'x' }, { nonsense: 1 }, { openid: left.openid, body: 'x' }];
    const asked = { credential: app.secret, pushes };
    const key = idempotent();
    const first = await world.pushBatch(asked, key);
    expect(first.body.results.map(toldOf)).toEqual(['accepted', 'request.invalid', 'accepted']);
    expect(await world.pushBatch(asked, key)).toEqual({ ...first, replayed: true });
    await world.unbind(left);
    expect(await world.pushBatch(asked, key)).toEqual({ ...first, replayed: true });
    for (const index of [0, 2]) {
      expect(await world.types('message', idOf(first.body.results[index]!))).toEqual(['pushed']);
    }
    const other = { ...key, requestHash: 'b'.repeat(64) };
    const more = { ...asked, pushes: [...pushes, { openid: kept.openid, body: 'y' }] };
    expect(await refusal(world.pushBatch(more, other))).toBe('idempotency.mismatch');
  });

  it('finishes what an earlier try left undone, and tries anew what was refused', async () => {
    const bound = await world.bind(app, { level: 'none' });
    const key = idempotent();
    const part = (from: number, text: string, requestId: string) =>
      world.pushBatch({ credential: bound.key, from, pushes: [{ body: text }] }, { ...key, requestId });
    const [once, again] = [uuid7(), uuid7()];
    expect((await part(0, 'x', once)).body.results.map(toldOf)).toEqual(['binding.refused']);
    await world.append('binding', bound.bindingId, { type: 'binding.level-set', data: { level: 'strong', at } });
    // The second part of the first try is no repeat, though the first one has claimed the key.
    const late = await part(1, 'y', once);
    expect(late.replayed).toBeUndefined();
    expect((await part(0, 'x', again)).replayed).toBeUndefined();
    expect(await part(1, 'y', again)).toEqual({ ...late, replayed: true });
  });

  it('makes one push of each when the same batch comes twenty times at once', async () => {
    const bound = await world.bind(app);
    const key = idempotent();
    const asked = { credential: bound.key, pushes: Array.from({ length: 5 }, () => ({ body: 'x' })) };
    const replies = await Promise.all(Array.from({ length: 20 }, () => world.pushBatch(asked, key)));
    const ids = new Set(replies.flatMap(({ body }) => body.results.map(idOf)));
    expect(ids.size).toBe(5);
    for (const id of ids) expect(await world.types('message', id)).toEqual(['pushed']);
  });
});
