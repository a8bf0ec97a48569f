import { authSubjects } from '@hark/contracts';
import { openidIdOf } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { idempotent, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { back, ConsentWorld, publicUrl, SpeakingApp } from '../testing/consent-world.fixture';

describe('asking a person for consent', () => {
  let world: ConsentWorld;
  let auth: AuthWorld;
  let ann: Somebody;
  let app: SpeakingApp;
  beforeAll(async () => {
    world = await ConsentWorld.start();
    ({ auth, ann, app } = world);
  });
  afterAll(() => world.auth.close());

  it.each<[string, object, string]>([
    [
      'an address that is not registered',
      { redirectUri: 'https://tickets.example/bound' },
      'binding-request.redirect-unregistered',
    ],
    ['one that is longer', { redirectUri: `${back}&x=1` }, 'binding-request.redirect-unregistered'],
    ['one with a fragment', { redirectUri: `${back}#x` }, 'binding-request.redirect-unregistered'],
    ['one written otherwise', { redirectUri: back.replace('https', 'HTTPS') }, 'binding-request.redirect-unregistered'],
    ['a challenge without a way back', { codeChallenge: 'c'.repeat(43) }, 'request.invalid'],
    ['a plain challenge', { redirectUri: back, codeChallenge: 'c'.repeat(44) }, 'request.invalid'],
    ['a purpose that reads otherwise than it is written', { purpose: '工单\u202e 1024' }, 'request.invalid'],
    ['a purpose that cannot be seen', { purpose: '\u200b' }, 'request.invalid'],
    ['a purpose that moderation blocks', { purpose: '代开发票' }, 'app.text-refused'],
    ['no openid', { openid: '' }, 'request.invalid'],
    ['more than is asked', { personId: uuid7() }, 'request.invalid'],
    ['another secret', { credential: 'has_nonsense' }, 'key.invalid'],
  ])('is refused with %s', async (_, asked, code) => {
    auth.verdicts.push({ contains: '代开发票', says: 'blocked' });
    const all = { openid: 'o', publicUrl, credential: app.credential, ...asked };
    expect(await auth.refusal(authSubjects.openBindingRequest, all)).toBe(code);
  });

  it('under one Idempotency-Key is one request, whose id nobody can guess', async () => {
    const meta = idempotent();
    const asked = { openid: 'repeat', purpose: 'Later blocked' };
    const first = await world.open(asked, meta);
    auth.verdicts.push({ contains: 'Later blocked', says: 'blocked' });
    expect(await world.open(asked, meta)).toEqual(first);
    expect(first.id).not.toBe(meta.commandId);
  });

  it('does not come again and again: after each no the app waits longer', async () => {
    const openid = uuid7();
    const later = { openid, publicUrl, credential: app.credential };
    const tooSoon = async () => {
      const [asked] = await Promise.allSettled([auth.ask(authSubjects.openBindingRequest, later)]);
      expect(asked).toMatchObject({ reason: { code: 'binding.cooling-down' } });
      return Number(
        (asked as { reason: { detail: { extra: { retryAfter: number } } } }).reason.detail.extra.retryAfter,
      );
    };
    await world.decline(ann, (await world.open({ openid })).id);
    expect(await tooSoon()).toBeLessThanOrEqual(600);
    auth.passTime(600_000);
    await world.decline(ann, (await world.open({ openid })).id);
    const longer = await tooSoon();
    expect(longer).toBeGreaterThan(600);
    auth.passTime(longer * 1_000);
    const { binding } = await world.approve(ann, (await world.open({ openid })).id);
    await ann.ask(authSubjects.unbind, { bindingId: binding.id });
    await until(async () => (await auth.types('openid', openidIdOf(app.appId, openid))).at(-1) === 'declined', {
      what: 'the end of the consent is noted as a no',
    });
    // Having said yes meanwhile, they are asked as if for the first time; what they ended counts as a no.
    expect(await tooSoon()).toBeLessThanOrEqual(600);
    // Others are not meant by it.
    await world.open();
  });

  it('is over after ten minutes, and what it held is destroyed', async () => {
    const { id } = await world.open({ openid: 'late' });
    auth.passTime(600_001);
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('binding-request.expired');
    expect(await world.refusalToApprove(ann, id)).toBe('binding-request.expired');
    await until(async () => (await auth.types('binding_request', id)).includes('expired'), { what: 'it expires' });
    const keyless = 'select 1 from vault.person_keys where person_id = $1 and wrapped_key is null';
    await until(async () => (await auth.harness.sql(keyless, [id])).length === 1, { what: 'its key is destroyed' });
  });
});
