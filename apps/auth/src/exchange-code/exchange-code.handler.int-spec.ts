import { createHash, randomBytes } from 'node:crypto';
import { authSubjects } from '@hark/contracts';
import { parseCredential } from '@hark/credentials';
import { idempotent } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { back, codeIn, ConsentWorld, racers, SpeakingApp } from '../testing/consent-world.fixture';

describe('the code that an app trades for a key', () => {
  let world: ConsentWorld;
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  let app: SpeakingApp;
  let other: SpeakingApp;
  beforeAll(async () => {
    world = await ConsentWorld.start();
    ({ auth, ann, ben, app, other } = world);
  });
  afterAll(() => world.auth.close());

  const approved = async (asked: object = {}, who = ann) => {
    const { id } = await world.open({ redirectUri: back, ...asked });
    const { redirectTo, binding } = await world.approve(who, id);
    return { id, code: codeIn(redirectTo), binding };
  };

  it('is traded for a key that nobody had before, and confirms the binding', async () => {
    const { code, binding } = await approved({ openid: 'trade' });
    expect(await world.confirmedUnder('trade')).toEqual([]);
    const meta = idempotent();
    const traded = await world.exchange(code, {}, meta);
    expect(traded).toEqual({
      key: expect.stringMatching(/^hk_/) as string,
      bind: true,
      errMsg: '',
      bindingId: binding.id,
      openid: 'trade',
    });
    expect(parseCredential(traded.key)).toMatchObject({ kind: 'key', id: binding.id });
    expect(await world.confirmedUnder('trade')).toHaveLength(1);
    expect(await world.exchange(code, {}, meta)).toEqual(traded);
    expect(await world.refusalToExchange(code)).toBe('binding-request.code-invalid');
  });

  it('leaves the key of a binding alone that is in force, until it is traded', async () => {
    const before = await auth.bindTo(app.appId, ann, 'again');
    const { code, binding } = await approved({ openid: 'again' });
    expect(binding.id).toBe(before.bindingId);
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'renewed']);
    const { key } = await world.exchange(code);
    expect(key).not.toBe(before.key);
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'renewed', 'key-rotated', 'confirmed']);
    // The repeat of an old exchange must not bring its key back.
    const meta = idempotent();
    const second = await approved({ openid: 'again' });
    const traded = await world.exchange(second.code, {}, meta);
    await auth.bindTo(app.appId, ann, 'again');
    const types = await auth.types('binding', binding.id);
    expect(await world.exchange(second.code, {}, meta)).toEqual(traded);
    expect(await auth.types('binding', binding.id)).toEqual(types);
  });

  it('has one winner, however many redeem it at once', async () => {
    const { id, code } = await approved();
    // From a place of its own, because many wrong tries hold up whoever makes them.
    const elsewhere = { caller: { kind: 'anonymous', roles: [], source: '192.0.2.9' } } as const;
    const outcomes = await Promise.all(
      Array.from({ length: racers }, () =>
        world.exchange(code, {}, elsewhere).then(
          ({ key }) => key,
          ({ code: why }: { code: string }) => why,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.startsWith('hk_'))).toHaveLength(1);
    const losers = new Set(outcomes.filter((outcome) => !outcome.startsWith('hk_')));
    // Beyond a hundred they are told to wait.
    losers.delete('service.overloaded');
    losers.delete('request.too-many-guesses');
    expect([...losers]).toEqual(['binding-request.code-invalid']);
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved', 'finished', 'exchanged']);
  });

  it('is nobody else’s, needs the verifier of its challenge, and lives a minute', async () => {
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const { code } = await approved({ codeChallenge });
    const wrong = 'v'.repeat(43);
    expect(await world.refusalToExchange(code, { credential: other.credential, codeVerifier })).toBe(
      'binding-request.code-invalid',
    );
    expect(await world.refusalToExchange(code)).toBe('binding-request.code-invalid');
    expect(await world.refusalToExchange(code, { codeVerifier: wrong })).toBe('binding-request.code-invalid');
    expect(
      await world.refusalToExchange(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`, { codeVerifier }),
    ).toBe('binding-request.code-invalid');
    expect(await world.refusalToExchange('hbc_nonsense', { codeVerifier })).toBe('binding-request.code-invalid');
    expect((await world.exchange(code, { codeVerifier })).bind).toBe(true);
    const plain = await approved();
    expect(await world.refusalToExchange(plain.code, { codeVerifier: wrong })).toBe('binding-request.code-invalid');
    auth.passTime(60_000);
    expect(await world.refusalToExchange(plain.code)).toBe('binding-request.code-invalid');
  });

  it('is worth nothing once the person has withdrawn', async () => {
    const { code, binding } = await approved();
    await ann.ask(authSubjects.unbind, { bindingId: binding.id });
    expect(await world.refusalToExchange(code)).toBe('binding.ended');
  });

  it('takes an openid back from whoever only says so, and not before it is traded', async () => {
    const squatter = await auth.bindTo(app.appId, ben, 'squatted-2');
    const { id } = await world.open({ openid: 'squatted-2', redirectUri: back });
    const { redirectTo } = await world.approve(ann, id);
    expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound']);
    await world.exchange(codeIn(redirectTo));
    expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound', 'refused']);
  });

  // C3: Mallory begins in her own session with the app and sends the link to somebody else.
  it('does not bind whoever follows a stranger’s link: the app confirms only whom it sent', async () => {
    const verifierOfMallory = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(verifierOfMallory).digest('base64url');
    const { id } = await world.open({
      openid: 'mallory',
      state: 'session-of-mallory',
      redirectUri: back,
      codeChallenge,
    });
    const { redirectTo, binding } = await world.approve(ann, id);
    const arrived = new URL(redirectTo!).searchParams;
    // The app sees that this browser is not the one that began, and has no verifier for it.
    expect(arrived.get('state')).toBe('session-of-mallory');
    expect(await world.refusalToExchange(arrived.get('code')!)).toBe('binding-request.code-invalid');
    expect(await world.refusalToExchange(arrived.get('code')!, { codeVerifier: 'a'.repeat(43) })).toBe(
      'binding-request.code-invalid',
    );
    expect(await world.confirmedUnder('mallory')).toEqual([]);
    expect(await auth.types('binding', binding.id)).toEqual(['bound']);
  });
});
