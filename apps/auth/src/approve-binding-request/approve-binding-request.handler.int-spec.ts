import { authSubjects, BindingRequestEvent, BindingView, Page } from '@hark/contracts';
import { openidIdOf } from '@hark/gate';
import { HarkError, uuid7 } from '@hark/kernel';
import { idempotent, until } from '@hark/testing';
import { BindingStore } from '../binding.store';
import { finishAfterMs } from '../domain/binding-request.decider';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { back, ConsentWorld, racers, SpeakingApp } from '../testing/consent-world.fixture';

describe('a person’s yes', () => {
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

  it('is carried out by the hub when it was cut off after the yes and nobody repeats it', async () => {
    const { id } = await world.open({ openid: 'cut-off' });
    const bindings = auth.service.app.get(BindingStore);
    // As if the process had died right after the yes was written.
    const cut = jest.spyOn(bindings, 'execute').mockRejectedValueOnce(new HarkError('unavailable', 'test.cut', 'cut'));
    expect(await world.refusalToApprove(ann, id, { level: 'weak' })).toBe('test.cut');
    cut.mockRestore();
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved']);
    auth.passTime(finishAfterMs);
    const finished = async () => (await auth.types('binding_request', id)).includes('finished');
    await until(finished, { what: 'the approval is carried out' });
    expect(await world.confirmedUnder('cut-off')).toHaveLength(1);
    const { binding } = await world.approve(ann, id);
    expect(binding).toMatchObject({ openid: 'cut-off', level: 'weak', status: 'active' });
  });

  it('is over when the person blocked the app between the yes and what follows from it', async () => {
    const cat = await auth.somebody('cat');
    const { bindingId } = await auth.bindTo(other.appId, cat, 'earlier');
    const { id } = await world.open({ openid: 'blocked-since' }, {}, other);
    const bindings = auth.service.app.get(BindingStore);
    const cut = jest.spyOn(bindings, 'execute').mockRejectedValueOnce(new HarkError('unavailable', 'test.cut', 'cut'));
    expect(await world.refusalToApprove(cat, id)).toBe('test.cut');
    cut.mockRestore();
    const { position } = await cat.ask(authSubjects.block, { bindingId });
    auth.passTime(finishAfterMs);
    const end = async () =>
      (await auth.events<BindingRequestEvent>('binding_request', id)).find(
        ({ type }) => type === 'binding_request.finished',
      );
    expect((await until(end, { what: 'the approval is over' })).data).toMatchObject({ refusal: 'binding.app-blocked' });
    const { body } = await cat.ask<Page<BindingView>>(authSubjects.listBindings, {}, { position: position! });
    expect(body.items.map(({ openid, status }) => [openid, status])).toEqual([['earlier', 'blocked']]);
  });

  it('without a way back binds and confirms at once', async () => {
    const { id } = await world.open({ openid: 'plain' });
    const { binding, ...rest } = await world.approve(ann, id, { level: 'weak', channels: [] });
    expect(rest).toEqual({ bind: true, errMsg: '' });
    expect(binding).toMatchObject({ openid: 'plain', level: 'weak', channels: [], status: 'active' });
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'confirmed']);
    expect(await auth.types('binding_request', id)).toEqual(['opened', 'approved', 'finished']);
    expect((await world.confirmedUnder('plain')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
    const { data } = (
      await auth.events<{ type: 'binding.bound'; data: Record<string, unknown> }>('binding', binding.id)
    )[0]!;
    expect(data).toMatchObject({ requestId: id, wording: { language: 'zh-CN', version: 1, presented: false } });
  });

  it('is approved once: its person’s repeat finds the same, anybody else’s is refused', async () => {
    const { id } = await world.open({ openid: 'once', redirectUri: back, state: 'a b&c' });
    const meta = idempotent();
    const first = await world.approve(ann, id, {}, meta);
    expect(first.redirectTo).toMatch(
      /^https:\/\/tickets\.example\/bound\?tenant=7&code=hbc_\w+-?[\w-]+&state=a\+b%26c$/,
    );
    expect(await world.approve(ann, id, {}, meta)).toEqual(first);
    expect(await world.approve(ann, id)).toEqual(first);
    expect(await world.refusalToApprove(ben, id)).toBe('binding-request.settled');
    expect(await ann.refusal(authSubjects.declineBindingRequest, { requestId: id })).toBe('binding-request.settled');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('binding-request.settled');
    expect(await auth.types('binding', first.binding.id)).toEqual(['bound']);
    // Late in life it does not bring a consent back that has ended.
    await ann.ask(authSubjects.unbind, { bindingId: first.binding.id });
    await world.approve(ann, id);
    const now = await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: first.binding.id });
    expect(now.body.status).toBe('unbound');
  });

  it('lets the person choose only their own endpoints, and nobody whom they block', async () => {
    const { id } = await world.open({ openid: 'own' });
    expect(await world.refusalToApprove(ann, id, { channels: [uuid7()] })).toBe('endpoint.unknown');
    expect(await world.refusalToApprove(ann, id, { level: 'loud' })).toBe('request.invalid');
    const { bindingId } = await auth.bindTo(other.appId, ben, 'blocked');
    await ben.ask(authSubjects.block, { bindingId });
    const request = await world.open({ openid: 'own-2' }, {}, other);
    expect(await world.refusalToApprove(ben, request.id)).toBe('binding.app-blocked');
    expect(await auth.types('binding_request', id)).toEqual(['opened']);
  });

  // C6: what the person saw is what is recorded, or nothing is.
  describe('the terms', () => {
    it('are recorded as they were shown, in the language they were shown in', async () => {
      const { id } = await world.open({ openid: 'shown', purpose: 'Your tickets' });
      const { terms } = await world.show(ann, id, { locale: 'en' });
      const { binding } = await world.approve(ann, id, { termsHash: terms.hash }, { locale: 'zh-CN' });
      const [{ data }] = (await auth.events('binding', binding.id)) as unknown as [
        { data: { wording: { text: string } } },
      ];
      expect(data.wording).toMatchObject({ version: 1, language: 'en', hash: terms.hash, presented: true });
      expect(await auth.vault.open(data.wording.text, `terms:${binding.id}`)).toBe(terms.text);
    });

    it('cannot be switched between the page and the yes', async () => {
      const { id } = await world.open({ openid: 'switched', purpose: 'one' });
      const shown = await world.show(ann, (await world.open({ openid: 'switched', purpose: 'another' })).id);
      expect(await world.refusalToApprove(ann, id, { termsHash: shown.terms.hash })).toBe('binding.terms-changed');
      const [{ data }] = (await auth.events('binding_request', id)) as unknown as [{ data: { terms: object } }];
      expect(data.terms).not.toHaveProperty('zh', shown.terms.hash);
      expect(await auth.types('binding_request', id)).toEqual(['opened']);
    });
  });

  describe('an openid that somebody else has claimed', () => {
    it('is taken back from whoever only says so', async () => {
      const squatter = await auth.bindTo(app.appId, ben, 'squatted');
      const { id } = await world.open({ openid: 'squatted' });
      const { binding } = await world.approve(ann, id);
      expect(await auth.types('binding', squatter.bindingId)).toEqual(['bound', 'refused']);
      expect((await auth.events('binding', squatter.bindingId))[1]).toMatchObject({ data: { reason: 'replaced' } });
      expect((await auth.events('binding', binding.id))[1]).toMatchObject({
        type: 'binding.confirmed',
        data: { replaced: true },
      });
      expect((await world.confirmedUnder('squatted')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
      // Nor does claiming it once more.
      const again = { appId: app.appId, openid: 'squatted' };
      expect(await ben.refusal(authSubjects.bind, again)).toBe('binding.openid-taken');
      expect((await world.confirmedUnder('squatted')).map(({ bindingId }) => bindingId)).toEqual([binding.id]);
    });

    it('stays with whom the app has confirmed', async () => {
      const { id } = await world.open({ openid: 'held' });
      await world.approve(ben, id);
      const again = await world.open({ openid: 'held' });
      expect(await world.refusalToApprove(ann, again.id)).toBe('binding.openid-taken');
      expect(await auth.types('binding_request', again.id)).toEqual(['opened']);
      expect(await auth.types('openid', openidIdOf(app.appId, 'held'))).toEqual(['claimed', 'confirmed']);
    });

    it('has one winner, however often two people agree at once', async () => {
      const ids: string[] = [];
      for (let n = 0; n < racers; n += 20) {
        const wave = Array.from({ length: Math.min(20, racers - n) }, () => world.open({ openid: 'raced' }));
        ids.push(...(await Promise.all(wave)).map(({ id }) => id));
      }
      const outcomes = await Promise.all(
        ids.map((id, n) =>
          world.approve(n % 2 === 0 ? ann : ben, id).then(
            ({ binding }) => ({ bindingId: binding.id, why: '' }),
            ({ code }: { code: string }) => ({ bindingId: '', why: code }),
          ),
        ),
      );
      const [winner, ...more] = await world.confirmedUnder('raced');
      expect(more).toEqual([]);
      const won = new Set(outcomes.flatMap(({ bindingId }) => (bindingId === '' ? [] : [bindingId])));
      expect([...won]).toEqual([winner!.bindingId]);
      // Of many at once some are told to come again.
      const answers = ['', 'binding.openid-taken', 'service.overloaded', 'request.timeout'];
      expect(outcomes.filter(({ why }) => !answers.includes(why))).toEqual([]);
      const [bound] = await auth.events('binding', winner!.bindingId);
      const loser = (bound!.data as { personId: string }).personId === ann.id ? ben : ann;
      expect(await world.refusalToApprove(loser, (await world.open({ openid: 'raced' })).id)).toBe(
        'binding.openid-taken',
      );
    });
  });
});
