import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { TellAppDeletedReactor } from './tell-app-deleted.reactor';

describe('an app that means somebody else by an account', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const notices = async (to: Recipient) =>
    (await world.inbox(to.personId)).body.items.filter(({ why }) => why.reason.startsWith('binding-'));
  const told = (to: Recipient) => until(async () => (await notices(to))[0], { what: 'the person is told' });

  it('is told to both, to each in their language, and nothing of the other', async () => {
    const app = await world.app();
    const [eve, alice] = [await world.recipient({ app }), await world.recipient({ app })];
    await world.append('user', alice.personId, { type: 'user.locale-set', data: { locale: 'en', at } });
    await world.append('binding', eve.bindingId, { type: 'binding.refused', data: { reason: 'replaced', at } });
    const { consentId } = alice;
    const confirmed = { type: 'binding.confirmed', data: { consentId, replaced: true as const, at } };
    await world.append('binding', alice.bindingId, confirmed);
    expect(await told(eve)).toMatchObject({ app: { name: 'Hark' }, title: '授权已结束：Hacker密码' });
    const item = await told(alice);
    expect(item).toMatchObject({ title: 'Consent confirmed: Hacker密码', why: { reason: 'binding-confirmed' } });
    expect(JSON.stringify(item)).not.toContain(eve.personId);
  });

  it('is nothing to tell where nobody was replaced', async () => {
    const [ann, ben] = [await world.recipient(), await world.recipient()];
    const { consentId } = ann;
    await world.append('binding', ann.bindingId, { type: 'binding.confirmed', data: { consentId, at } });
    await world.append('binding', ben.bindingId, { type: 'binding.refused', data: { at } });
    const last = await world.recipient();
    await world.append('binding', last.bindingId, { type: 'binding.refused', data: { reason: 'replaced', at } });
    await told(last);
    expect([...(await notices(ann)), ...(await notices(ben))]).toEqual([]);
  });

  it('is told of an app that was handed to another developer, in their language', async () => {
    const to = await world.recipient();
    const handedOn = { type: 'binding.app-transferred' as const, data: { transferredAt: at, at } };
    await world.append('binding', to.bindingId, handedOn);
    const found = async () => (await world.inbox(to.personId)).body.items[0];
    const item = await until(found, { what: 'the person is told' });
    expect(item).toMatchObject({ title: '应用已转让：Hacker密码', why: { reason: 'app-transferred' } });
  });

  it('is told to an app’s owner when a complaint costs points, and what came of their appeal, in their language', async () => {
    const { appId, ownerId } = await world.app();
    const [complaintId, penaltyId, personId] = [uuid7(), uuid7(), uuid7()];
    const complained = { pushId: uuid7(), appId, ownerId, personId, reason: 'spam' as const, at };
    await world.append('complaint', complaintId, { type: 'complaint.complained', data: complained });
    const penalty = {
      penaltyId,
      complaintId,
      appId,
      severity: 'major' as const,
      points: 3,
      left: 9,
      tableVersion: '1',
    };
    await world.append('standing', ownerId, { type: 'standing.penalized', data: { ...penalty, at } });
    // An app that nobody owns answers for itself.
    await world.append('standing', appId, { type: 'standing.penalized', data: { ...penalty, at } });
    const found = async (reason: string) =>
      (await world.inbox(ownerId)).body.items.find(({ why }) => why.reason === reason);
    const seen = (reason: string) => until(async () => await found(reason), { what: reason });
    const item = await seen('penalized');
    expect(item).toMatchObject({ app: { name: 'Hark' }, title: '投诉成立：Hacker密码' });
    expect(item.body).toContain('扣除 3 分，剩余 9 分');
    await world.append('user', ownerId, { type: 'user.locale-set', data: { locale: 'en', at } });
    const decision = { decisionId: uuid7(), operatorId: uuid7(), note: 'They did order it', at };
    await world.append('complaint', complaintId, { type: 'complaint.appeal-granted', data: decision });
    const granted = await seen('appeal-granted');
    expect(granted).toMatchObject({ title: 'Appeal granted: Hacker密码' });
    expect(granted.body).toContain('Answer: They did order it');
    expect((await world.inbox(appId)).body.items).toEqual([]);
    expect(JSON.stringify([item, granted])).not.toContain(personId);
  });

  it('is told once to everybody who had allowed it, when it is deleted, and not to who had ended it', async () => {
    const app = await world.app();
    const people = [await world.recipient({ app }), await world.recipient({ app })] as const;
    const gone = await world.recipient({ app });
    await world.append('user', people[1].personId, { type: 'user.locale-set', data: { locale: 'en', at } });
    const unbound = (reason: 'app-deleted' | 'requested') => ({
      type: 'binding.unbound' as const,
      data: { reason, at },
    });
    await world.append('binding', gone.bindingId, unbound('requested'));
    await world.append('app', app.appId, { type: 'app.deleted', data: { at } });
    for (const { bindingId } of people) await world.append('binding', bindingId, unbound('app-deleted'));
    const deletions = async (to: Recipient) =>
      (await world.inbox(to.personId)).body.items.filter(({ why }) => why.reason === 'app-deleted');
    const toldOf = (to: Recipient) => until(async () => (await deletions(to))[0], { what: 'the person is told' });
    expect(await toldOf(people[0])).toMatchObject({ app: { name: 'Hark' }, title: '应用已删除：Hacker密码' });
    expect(await toldOf(people[1])).toMatchObject({ app: { name: 'Hark' }, title: 'App deleted: Hacker密码' });
    const reactor = world.harness.service.app.get(TellAppDeletedReactor);
    const ended = (await world.store.read('binding', people[0].bindingId)).at(-1);
    await reactor.react(ended as Parameters<typeof reactor.react>[0]);
    expect(await deletions(people[0])).toHaveLength(1);
    expect(await deletions(gone)).toEqual([]);
  });
});
