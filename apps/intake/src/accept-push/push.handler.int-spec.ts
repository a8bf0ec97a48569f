import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aadOf, PushedEvent, StandingEvent } from '@hark/contracts';
import { hashCredential } from '@hark/credentials';
import { uuid7 } from '@hark/kernel';
import { refusal, refused, until } from '@hark/testing';
import { at, Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

describe('accepting a push', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const pushed = async (id: string) => {
    const [first, ...more] = await world.store.read('message', id);
    expect(more).toEqual([]);
    return { data: (first!.event as PushedEvent).data, metadata: first!.metadata };
  };
  const code = async (data: object, meta = {}) => refusal(world.push(data, meta));
  const messages = async (bound: Bound) =>
    (await world.harness.sql('select 1 from intake.pushes where binding_id = $1', [bound.bindingId])).length;

  describe('from whoever may send', () => {
    it('takes a binding key, and records the consent it goes by', async () => {
      const bound = await world.bind(app);
      const { body, position } = await world.push({ credential: bound.key, title: '工单', body: '已出发' });
      expect(body).toEqual({ id: body.id, status: 'accepted' });
      expect(position).toMatch(/^\d+-message$/);
      const { data, metadata } = await pushed(body.id);
      expect(data).toMatchObject({
        appId: app.appId,
        ownerId: app.ownerId,
        personId: bound.personId,
        bindingId: bound.bindingId,
        consentId: bound.consentId,
        bindingRevision: 1,
        priority: 'normal',
        sentBy: 'key',
      });
      expect(metadata).toMatchObject({ actor: `app:${app.appId}`, commandId: body.id });
    });

    it('notes the day on which a key was used, of whoever was let in by it', async () => {
      const [bound, unused] = [await world.bind(app), await world.bind(app)];
      const day = await world.whileTimeStands(async () => {
        await world.push({ credential: bound.key, body: 'x' });
        return world.now().slice(0, 10);
      });
      expect(
        await code({ credential: `${unused.key.slice(0, -1)}${unused.key.endsWith('A') ? 'B' : 'A'}`, body: 'x' }),
      ).toBe('key.invalid');
      const hashes = [bound, unused].map(({ key }) => hashCredential(key));
      const noted = () =>
        world.harness.sql<{ hash: string; day: string }>(
          `select hash, to_char(used_on, 'YYYY-MM-DD') as day from credentials.uses where hash = any($1)`,
          [hashes],
        );
      const isNoted = async () => (await noted()).length > 0;
      await until(isNoted, { what: 'the use is noted' });
      expect(await noted()).toEqual([{ hash: hashes[0], day }]);
    });

    it('takes an app secret with the openid, and a key with its own openid', async () => {
      const bound = await world.bind(app);
      const { openid } = bound;
      const bySecret = await world.push({ credential: app.secret, openid, body: 'x', priority: 'high' });
      expect((await pushed(bySecret.body.id)).data).toMatchObject({
        bindingId: bound.bindingId,
        priority: 'high',
        sentBy: 'app',
      });
      const byKey = await world.push({ credential: bound.key, openid, body: 'x' });
      expect((await pushed(byKey.body.id)).data.bindingId).toBe(bound.bindingId);
    });

    it('takes an app secret only for whom the app has confirmed, whoever claimed the openid first', async () => {
      const eve = await world.bind(app, { openid: 'tenant-42', who: 'eve', confirmed: false });
      const asked = { credential: app.secret, openid: 'tenant-42', body: 'for Alice' };
      expect(await refused(world.push(asked))).toMatchObject({
        code: 'binding.unconfirmed',
        detail: { extra: { appId: app.appId } },
      });
      const alice = await world.bind(app, { openid: 'tenant-42', who: 'alice', confirmed: false });
      expect(await code(asked)).toBe('binding.unconfirmed');
      await world.confirm(alice);
      const { body } = await world.push(asked);
      expect((await pushed(body.id)).data).toMatchObject({ personId: alice.personId, sentBy: 'app' });
      // Each key goes to whoever was given it, whatever the app has said, and confirms nothing.
      const own = await world.push({ credential: eve.key, openid: 'tenant-42', body: 'x' });
      expect((await pushed(own.body.id)).data).toMatchObject({ personId: eve.personId, sentBy: 'key' });
    });

    it('tells an ended consent from one that nobody has confirmed', async () => {
      const first = await world.bind(app, { openid: 'moved', who: 'first' });
      await world.unbind(first);
      const asked = { credential: app.secret, openid: 'moved', body: 'x' };
      expect(await code(asked)).toBe('binding.ended');
      const next = await world.bind(app, { openid: 'moved', who: 'next', confirmed: false });
      expect(await code(asked)).toBe('binding.unconfirmed');
      await world.confirm(next);
      expect((await pushed((await world.push(asked)).body.id)).data.personId).toBe(next.personId);
      // A new consent of the same person is a new one to confirm.
      await world.unbind(next);
      await world.bind(app, { openid: 'moved', who: 'next', confirmed: false });
      expect(await code(asked)).toBe('binding.unconfirmed');
    });

    it('takes the bindings of old logs as not confirmed, and their keys as ever', async () => {
      const old = await world.bindAsOfOld(app, 'old');
      expect(await code({ credential: app.secret, openid: 'old', body: 'x' })).toBe('binding.unconfirmed');
      const { body } = await world.push({ credential: old.key, openid: 'old', body: 'x' });
      expect((await pushed(body.id)).data.bindingId).toBe(old.bindingId);
      await world.confirm(old);
      const bySecret = await world.push({ credential: app.secret, openid: 'old', body: 'x' });
      expect((await pushed(bySecret.body.id)).data.bindingId).toBe(old.bindingId);
    });

    it('records that the app itself has shown a key, and whom it means, once', async () => {
      const bound = await world.bind(app, { confirmed: false });
      const { key, openid } = bound;
      const data = async (asked: object) => (await pushed((await world.push({ body: 'x', ...asked })).body.id)).data;
      expect(await data({ credential: key })).toMatchObject({ sentBy: 'key', appKnowsKey: false });
      expect(await data({ credential: app.secret, key })).toMatchObject({ sentBy: 'app', bindingId: bound.bindingId });
      expect(world.presented.splice(0)).toEqual([{ credential: app.secret, key }]);
      await world.append('binding', bound.bindingId, { type: 'binding.key-presented', data: { at } });
      expect(await data({ credential: key })).toMatchObject({ sentBy: 'key', appKnowsKey: true });
      await data({ credential: app.secret, key });
      expect(world.presented).toEqual([]);
      await data({ credential: app.secret, key, openid });
      expect(world.presented.splice(0)).toEqual([{ credential: app.secret, key, openid }]);
      await world.confirm(bound);
      await data({ credential: app.secret, key, openid });
      expect(world.presented).toEqual([]);
      const other = await world.bind(app);
      expect(await code({ credential: app.secret, key, openid: other.openid, body: 'x' })).toBe('binding.unknown');
      expect(await code({ credential: (await world.app()).secret, key, body: 'x' })).toBe('binding.unknown');
      expect(await code({ credential: app.secret, key: app.secret, body: 'x' })).toBe('key.invalid');
      expect(await code({ credential: app.secret, key: `${key.slice(0, -3)}xxx`, body: 'x' })).toBe('key.invalid');
      expect(await refused(world.push({ credential: key, key: other.key, body: 'x' }))).toMatchObject({
        code: 'request.invalid',
        detail: { errors: [{ path: 'key' }] },
      });
      expect(world.presented).toEqual([]);
    });

    it('holds the app itself to account while nobody owns it', async () => {
      const appId = uuid7();
      const data = { ownerId: null, name: 'x', redirectUris: [], secretHash: null, verified: false, at };
      await world.append('app', appId, { type: 'app.registered', data });
      const bound = await world.bind({ appId, ownerId: '', secret: '' });
      const { body } = await world.push({ credential: bound.key, body: 'x' });
      expect((await pushed(body.id)).data.ownerId).toBe(appId);
    });

    it('names the field when the app secret comes without an openid', async () => {
      expect(await refused(world.push({ credential: app.secret, body: 'x' }))).toMatchObject({
        code: 'request.invalid',
        detail: { errors: [{ path: 'openid' }] },
      });
    });
  });

  describe('from whoever may not', () => {
    it.each([
      'hk_nonsense',
      'a'.repeat(60),
      `hk_${'0'.repeat(32)}_${'a'.repeat(43)}`,
      `has_${'0'.repeat(32)}_${'a'.repeat(43)}`,
    ])('knows no %s', async (credential) =>
      expect(await code({ credential, openid: 'o', body: 'x' })).toBe('key.invalid'),
    );

    it('takes a former secret until its time is over, and nothing of an app that was deleted', async () => {
      const rotating = await world.app();
      const bound = await world.bind(rotating);
      const push = () => code({ credential: rotating.secret, openid: bound.openid, body: 'x' });
      const rotate = (oldUntil: string | null) =>
        world.append('app', rotating.appId, {
          type: 'app.secret-rotated',
          data: { secretHash: hashCredential('another'), oldUntil, at },
        });
      await rotate('2099-01-01T00:00:00.000Z');
      await world.push({ credential: rotating.secret, openid: bound.openid, body: 'x' });
      await rotate(null);
      expect(await push()).toBe('key.invalid');
      const gone = await world.app();
      const { key, openid } = await world.bind(gone);
      await world.append('app', gone.appId, { type: 'app.deleted', data: { at } });
      expect(await code({ credential: gone.secret, openid, body: 'x' })).toBe('key.invalid');
      expect(await code({ credential: key, body: 'x' })).toBe('key.invalid');
      const late = await world.app();
      const { openid: lateOpenid } = await world.bind(late);
      await world.append('app', late.appId, {
        type: 'app.secret-rotated',
        data: { secretHash: hashCredential('another'), oldUntil: '2026-01-05T10:00:00.000Z', at },
      });
      expect(await code({ credential: late.secret, openid: lateOpenid, body: 'x' })).toBe('key.invalid');
    });

    it('knows neither a changed secret nor a key that a newer one replaced', async () => {
      const old = await world.bind(app);
      const fresh = await world.bind(app, { openid: old.openid });
      expect(await code({ credential: old.key, body: 'x' })).toBe('key.invalid');
      const changed = `${fresh.key.slice(0, -1)}${fresh.key.endsWith('A') ? 'B' : 'A'}`;
      expect(await code({ credential: changed, body: 'x' })).toBe('key.invalid');
      const hash = 'b'.repeat(64);
      await world.append('binding', fresh.bindingId, { type: 'binding.key-rotated', data: { keyHash: hash, at } });
      expect(await code({ credential: fresh.key, body: 'x' })).toBe('key.invalid');
    });

    it('knows no binding of another app, nor an openid nobody bound', async () => {
      const other = await world.app();
      const [bound, foreign] = [await world.bind(app), await world.bind(other)];
      expect(await code({ credential: app.secret, openid: foreign.openid, body: 'x' })).toBe('binding.unknown');
      expect(await code({ credential: app.secret, openid: 'nobody', body: 'x' })).toBe('binding.unknown');
      expect(await code({ credential: bound.key, openid: foreign.openid, body: 'x' })).toBe('binding.unknown');
      expect(await code({ credential: bound.key, openid: `${bound.openid}0`, body: 'x' })).toBe('binding.unknown');
      // Another app's key beside the app's own secret, with its openid and without.
      expect(await code({ credential: app.secret, key: foreign.key, body: 'x' })).toBe('binding.unknown');
      const named = { credential: app.secret, key: foreign.key, openid: foreign.openid, body: 'x' };
      expect(await code(named)).toBe('binding.unknown');
    });
  });

  describe('by what the person and the standing say at that moment', () => {
    it('ends with the binding, and begins with the next consent under its own key', async () => {
      const bound = await world.bind(app);
      await world.unbind(bound);
      expect(await refused(world.push({ credential: bound.key, body: 'x' }))).toMatchObject({
        kind: 'refused',
        code: 'binding.ended',
      });
      expect(await code({ credential: app.secret, openid: bound.openid, body: 'x' })).toBe('binding.ended');
      const again = await world.bind(app, { openid: bound.openid });
      const { body } = await world.push({ credential: again.key, body: 'x' });
      expect((await pushed(body.id)).data).toMatchObject({ consentId: again.consentId, bindingRevision: 4 });
    });

    it('is refused by level none, by a blocked binding and by a blocked app', async () => {
      const none = await world.bind(app, { level: 'none' });
      expect(await code({ credential: none.key, body: 'x' })).toBe('binding.refused');
      const blocked = await world.bind(app);
      await world.append('binding', blocked.bindingId, { type: 'binding.blocked', data: { at } });
      expect(await code({ credential: blocked.key, body: 'x' })).toBe('binding.refused');
      const bound = await world.bind(app);
      await world.append('user', bound.personId, { type: 'user.blocked-app', data: { appId: app.appId, at } });
      expect(await code({ credential: bound.key, body: 'x' })).toBe('binding.refused');
    });

    it('goes on for muted, weak and throttled: those are for delivery to decide', async () => {
      const throttled = await world.app();
      await world.append('standing', throttled.ownerId, { type: 'standing.throttled', data: { at } });
      const bound = await world.bind(throttled, { level: 'weak' });
      await world.append('binding', bound.bindingId, { type: 'binding.muted', data: { until: null, at } });
      expect((await world.push({ credential: bound.key, body: 'x' })).body.status).toBe('accepted');
    });

    it('is refused while the owner is suspended, with the date, for every app of theirs', async () => {
      const one = await world.app();
      const two = await world.app(one.ownerId);
      const [first, second] = [await world.bind(one), await world.bind(two)];
      const until = '2099-01-01T00:00:00.000Z';
      await world.append('standing', one.ownerId, { type: 'standing.suspended', data: { until, at } });
      for (const { key } of [first, second]) {
        expect(await refused(world.push({ credential: key, body: 'x' }))).toMatchObject({
          kind: 'refused',
          code: 'app.suspended',
          detail: { extra: { until } },
        });
      }
      const lifted: StandingEvent = { type: 'standing.reinstated', data: { by: uuid7(), at } };
      await world.append('standing', one.ownerId, lifted);
      expect((await world.push({ credential: first.key, body: 'x' })).body.status).toBe('accepted');
    });

    it('is accepted again once the suspension is over by itself', async () => {
      const past = await world.app();
      const until = '2026-01-01T00:00:00.000Z';
      await world.append('standing', past.ownerId, { type: 'standing.suspended', data: { until, at } });
      expect((await world.push({ credential: (await world.bind(past)).key, body: 'x' })).body.status).toBe('accepted');
    });

    it('is refused while a ban is proposed, with the date until which it waits, and once it is in force', async () => {
      const bad = await world.app();
      const bound = await world.bind(bad);
      const until = '2099-01-01T00:00:00.000Z';
      const proposed = { penaltyId: uuid7(), operatorId: uuid7(), until, at };
      await world.append('standing', bad.ownerId, { type: 'standing.ban-proposed', data: proposed });
      expect(await refused(world.push({ credential: bound.key, body: 'x' }))).toMatchObject({
        code: 'app.suspended',
        detail: { extra: { until } },
      });
      await world.append('standing', bad.ownerId, { type: 'standing.banned', data: { confirmedBy: uuid7(), at } });
      expect(await code({ credential: bound.key, body: 'x' })).toBe('app.banned');
    });

    it('sees a withdrawal acknowledged just before, every time', async () => {
      for (let round = 0; round < 25; round += 1) {
        const bound = await world.bind(app);
        expect((await world.push({ credential: bound.key, body: 'x' })).body.status).toBe('accepted');
        await world.unbind(bound);
        const codes = await Promise.all([1, 2, 3].map(() => code({ credential: bound.key, body: 'x' })));
        expect(codes).toEqual(['binding.ended', 'binding.ended', 'binding.ended']);
      }
    });

    it('ends for somebody who has been erased, whatever their binding still says', async () => {
      const bound = await world.bind(app);
      await world.vault.erase(bound.personId);
      expect(await code({ credential: bound.key, body: 'x' })).toBe('binding.ended');
    });
  });

  describe('within the limits of its texts', () => {
    it.each<[string, object]>([
      ['title', { title: 'x'.repeat(201) }],
      ['title', { title: 'two\nlines' }],
      ['body', { body: 'x'.repeat(4_001) }],
      ['body', { body: '' }],
      ['body', { body: 'x\u0000' }],
      ['url', { url: 'javascript:alert(1)' }],
      ['tags', { tags: Array.from({ length: 11 }, () => 'x') }],
      ['priority', { priority: 'urgent' }],
      ['sendAt', { sendAt: at }],
    ])('names %s', async (path, wrong) => {
      const bound = await world.bind(app);
      const error = await refused(world.push({ credential: bound.key, body: 'x', ...wrong }));
      expect(error).toMatchObject({ kind: 'invalid', code: 'request.invalid', detail: { errors: [{ path }] } });
      expect(await messages(bound)).toBe(0);
    });

    it('takes the longest texts there may be, but not more than 16 kB together', async () => {
      const bound = await world.bind(app);
      const longest = { title: '题'.repeat(200), body: '文'.repeat(4_000), thread: 't'.repeat(100) };
      expect((await world.push({ credential: bound.key, ...longest })).body.status).toBe('accepted');
      const tooLong = { ...longest, url: `https://x.example/${'路'.repeat(1_900)}` };
      expect(await refused(world.push({ credential: bound.key, ...tooLong }))).toMatchObject({
        code: 'request.too-large',
        detail: { extra: { max: 16_384 } },
      });
    });
  });

  describe('what is stored', () => {
    it('opens for its own push only, and its hash names exactly this text', async () => {
      const bound = await world.bind(app);
      const text = { title: '标题', body: '正文', tags: ['a'] };
      const ids = [];
      for (const change of [{}, {}, { body: '别的' }]) {
        ids.push((await world.push({ credential: bound.key, ...text, ...change })).body.id);
      }
      const [one, two, three] = await Promise.all(ids.map(async (id) => (await pushed(id)).data));
      expect(JSON.parse((await world.vault.open(one!.content, aadOf.content(ids[0]!)))!)).toEqual(text);
      await expect(world.vault.open(one!.content, aadOf.content(ids[1]!))).rejects.toMatchObject({
        code: 'vault.unreadable',
      });
      expect(one!.contentHash).toBe(two!.contentHash);
      expect(one!.contentHash).not.toBe(three!.contentHash);
    });

    it('holds neither the text nor the openid, in any file of the event store', async () => {
      const canary = `金丝雀-${uuid7()}`;
      const bound = await world.bind(app, { openid: `openid-${canary}` });
      await world.push({ credential: bound.key, title: canary, body: canary, url: `https://x.example/?q=${canary}` });
      await world.push({ credential: app.secret, openid: bound.openid, body: canary });
      // Other folders of the machine's are nobody's business, and may not be readable.
      const stores = (await readdir(tmpdir())).filter((name) => name.startsWith('hark-test-events-'));
      const listed = stores.map((name) => readdir(join(tmpdir(), name), { recursive: true, withFileTypes: true }));
      const files = (await Promise.allSettled(listed)).flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      const contents = await Promise.all(paths.map((path) => readFile(path).catch(() => Buffer.alloc(0))));
      expect(contents.some((bytes) => bytes.includes(bound.consentId))).toBe(true);
      for (const bytes of contents) expect(bytes.includes(Buffer.from(canary))).toBe(false);
    });
  });
});
