import { authSubjects, BindingView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { plusMs, uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('how loud a binding is', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  let bindingId: string;
  let openids = 0;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    bindingId = (await auth.bind(ann, `openid-${openids++}`)).binding.id;
  });

  const change = async (asked: object) =>
    (await ann.ask<BindingView>(authSubjects.changeBinding, { bindingId, ...asked })).body;
  const current = async () => (await ann.ask<BindingView>(authSubjects.getBinding, { bindingId })).body;
  const types = async () =>
    (await auth.service.app.get(EventStore).read('binding', bindingId)).map(({ event }) => event.type);

  it('is muted until lifted, or until a time, and keeps its level', async () => {
    expect(await change({ muted: true })).toMatchObject({ muted: true, level: 'strong' });
    const until = plusMs(auth.now(), 3_600_000);
    expect(await change({ mutedUntil: until })).toMatchObject({ muted: true, mutedUntil: until });
    expect(await current()).toMatchObject({ muted: true, mutedUntil: until, level: 'strong' });
    const lifted = await change({ muted: false });
    expect(lifted).toMatchObject({ muted: false, level: 'strong' });
    expect(lifted).not.toHaveProperty('mutedUntil');
    await change({ muted: false });
    expect(await types()).toEqual(['binding.bound', 'binding.muted', 'binding.muted', 'binding.unmuted']);
  });

  it('is not muted any more once the time has come', async () => {
    await change({ mutedUntil: plusMs(auth.now(), 60_000) });
    auth.passTime(60_000);
    expect(await current()).toMatchObject({ muted: false });
    expect(await current()).not.toHaveProperty('mutedUntil');
  });

  it('has a level', async () => {
    expect(await change({ level: 'none' })).toMatchObject({ level: 'none' });
    await change({ level: 'none' });
    expect(await types()).toEqual(['binding.bound', 'binding.level-set']);
  });

  it('changes in everything at once, or in nothing', async () => {
    const until = plusMs(auth.now(), 3_600_000);
    expect(await change({ level: 'weak', mutedUntil: until, channels: [] })).toMatchObject({
      level: 'weak',
      muted: true,
      mutedUntil: until,
      channels: [],
    });
    const store = auth.service.app.get(EventStore);
    const events = await store.read('binding', bindingId);
    expect(new Set(events.slice(1).map(({ metadata }) => metadata.commandId)).size).toBe(1);

    const past = { bindingId, level: 'strong', mutedUntil: '2020-01-01T00:00:00Z' };
    expect(await ann.refusal(authSubjects.changeBinding, past)).toBe('request.invalid');
    const foreign = { bindingId, level: 'strong', channels: [uuid7()] };
    expect(await ann.refusal(authSubjects.changeBinding, foreign)).toBe('endpoint.unknown');
    const contrary = { bindingId, muted: false, mutedUntil: until };
    expect(await ann.refusal(authSubjects.changeBinding, contrary)).toBe('request.invalid');
    expect(await current()).toMatchObject({ level: 'weak', muted: true });
    expect(await change({ muted: false, channels: null })).toMatchObject({ channels: null });
    expect(await current()).toMatchObject({ level: 'weak', muted: false });
  });

  it.each<[string, object]>([
    [authSubjects.changeBinding, { level: 'none' }],
    [authSubjects.unbind, {}],
  ])('is nobody else’s business: to %s a foreign binding is as if it were not there', async (subject, asked) => {
    expect(await ben.refusal(subject, { bindingId, ...asked })).toBe('binding.unknown');
    expect(await ann.refusal(subject, { bindingId: uuid7(), ...asked })).toBe('binding.unknown');
    expect(await auth.refusal(subject, { bindingId, ...asked })).toBe('session.required');
    expect(await ann.refusal(subject, { bindingId: 'binding-1', ...asked })).toBe('binding.unknown');
    expect(await ann.refusal(subject, { bindingId, ...asked, extra: true })).toBe('request.invalid');
    expect(await types()).toEqual(['binding.bound']);
  });

  it('is over when it has ended', async () => {
    await ann.ask(authSubjects.unbind, { bindingId });
    expect(await ann.refusal(authSubjects.changeBinding, { bindingId, muted: true })).toBe('binding.ended');
    expect(await ann.refusal(authSubjects.changeBinding, { bindingId, level: 'weak' })).toBe('binding.ended');
    expect(await current()).toMatchObject({ status: 'unbound' });
  });
});
