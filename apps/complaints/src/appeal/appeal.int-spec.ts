import {
  aadOf,
  AppealView,
  ComplaintCase,
  complaintsSubjects,
  ComplaintView,
  OwnAppealView,
  Page,
  StandingView,
  UpholdReply,
} from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { plusMs, uuid5, uuid7 } from '@hark/kernel';
import { idempotent, operator, refusal, until, user } from '@hark/testing';
import { ComplaintsWorld, dayMs, others, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';
import { LiftPenaltyReactor } from './lift-penalty.reactor';

describe('appeals', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const appeal = (app: RegisteredApp, penaltyId: unknown, caller = user(app.ownerId), meta = {}) =>
    world.ask<AppealView>(
      complaintsSubjects.appeal,
      { appId: app.appId, penaltyId, note: '他订过' },
      { caller, ...meta },
    );
  const decide = (how: 'grantAppeal' | 'refuseAppeal', complaintId: unknown, caller = operator(), meta = {}) =>
    world.ask<UpholdReply>(complaintsSubjects[how], { complaintId, note: 'seen' }, { caller, ...meta });
  const standing = async (app: RegisteredApp) =>
    (await world.ask<StandingView>(complaintsSubjects.getStanding, { appId: app.appId })).body;
  const penaltyOf = (complaintId: string) => uuid5(complaintId, 'penalty');
  /** A complaint that this operator upheld; answers its id. */
  const upheld = async (app: RegisteredApp, severity: 'minor' | 'major' | 'severe' = 'major', by = operator()) => {
    const id = await world.complaint(app);
    await world.uphold(id, severity, by);
    return id;
  };
  const appealed = async (app: RegisteredApp, severity?: 'minor' | 'major' | 'severe', by = operator()) => {
    const id = await upheld(app, severity, by);
    await appeal(app, penaltyOf(id));
    return id;
  };
  const list = async (query: object, caller = operator()) =>
    (await world.ask<Page<ComplaintCase>>(complaintsSubjects.listAppeals, query, { caller })).body;

  describe('by the owner', () => {
    it('are made about a penalty that the standing names, with words that are sealed', async () => {
      const app = await world.app();
      const id = await upheld(app);
      const [penalty] = (await standing(app)).history;
      const { at } = (await world.penalties(app.ownerId))[0]!;
      expect(penalty).toMatchObject({
        ...{ event: 'standing.penalized', penaltyId: penaltyOf(id), appId: app.appId, reason: 'spam' },
        appealableUntil: plusMs(at, 180 * dayMs),
      });
      const { body } = await appeal(app, penalty!.penaltyId);
      expect(body).toEqual({ penaltyId: penaltyOf(id), status: 'open', appealedAt: body.appealedAt });
      const [shown] = (await standing(app)).history;
      expect(shown).toMatchObject({ appeal: { status: 'open', appealedAt: body.appealedAt } });
      expect(shown).not.toHaveProperty('appealableUntil');
      const { note } = (await world.events('complaint', id))[2]!.data as { note: string };
      expect(note).not.toContain('订');
      expect(await world.vault.open(note, aadOf.appealNote(id))).toBe('他订过');
      expect(await world.types('standing', app.ownerId)).toEqual(['opened', 'penalized']);
    });

    it('are made once for each penalty; a repeat of the request is the same appeal', async () => {
      const app = await world.app();
      const [id, key] = [await upheld(app), idempotent()];
      const first = await appeal(app, penaltyOf(id), user(app.ownerId), key);
      expect(await appeal(app, penaltyOf(id), user(app.ownerId), key)).toEqual({ ...first, replayed: true });
      expect(await refusal(appeal(app, penaltyOf(id)))).toBe('appeal.already-made');
      await decide('refuseAppeal', id);
      expect(await appeal(app, penaltyOf(id), user(app.ownerId), key)).toEqual({ ...first, replayed: true });
      expect(await refusal(appeal(app, penaltyOf(id)))).toBe('appeal.already-made');
      expect((await world.types('complaint', id)).filter((type) => type === 'appealed')).toHaveLength(1);
    });

    it('are for the penalised owner, by any app of theirs that is still there', async () => {
      const [app, other] = [await world.app(), await world.app()];
      const second = await world.app(app.ownerId);
      const id = await upheld(app);
      for (const caller of [user(other.ownerId), operator()])
        expect(await refusal(appeal(app, penaltyOf(id), caller))).toBe('app.unknown');
      expect(await refusal(appeal(app, penaltyOf(id), { kind: 'app', roles: [] }))).toBe('session.required');
      expect(await refusal(appeal(other, penaltyOf(id)))).toBe('penalty.unknown');
      for (const strange of strangeIds) {
        const asked = { ...app, appId: strange as string };
        expect(await refusal(appeal(asked, penaltyOf(id)))).toBe('app.unknown');
      }
      expect(await refusal(appeal(app, uuid7()))).toBe('penalty.unknown');
      await world.append('app', app.appId, { type: 'app.deleted', data: { at: world.now() } });
      expect(await refusal(appeal(app, penaltyOf(id)))).toBe('app.unknown');
      expect((await appeal(second, penaltyOf(id))).body.status).toBe('open');
    });
  });

  it('are listed for whoever made them, with their words and the answer, and for nobody else', async () => {
    const app = await world.app();
    const [first, second] = [await appealed(app), await appealed(app)];
    await decide('refuseAppeal', first);
    const mine = async (caller = user(app.ownerId), query = {}) =>
      (await world.ask<Page<OwnAppealView>>(complaintsSubjects.listOwnAppeals, query, { caller })).body;
    await until(async () => (await mine()).items[1]?.status === 'refused', { what: 'both are listed, one refused' });
    const shown = (id: string, more: object) => ({
      penaltyId: penaltyOf(id),
      appId: app.appId,
      note: '他订过',
      ...more,
    });
    const { items } = await mine();
    expect(items).toMatchObject([shown(second, { status: 'open' }), shown(first, { answer: 'seen' })]);
    const { nextCursor, items: page } = await mine(user(app.ownerId), { limit: 1 });
    expect([page, (await mine(user(app.ownerId), { limit: 1, cursor: nextCursor })).items]).toEqual([
      ...[[items[0]], [items[1]]],
    ]);
    expect((await mine(operator())).items).toEqual([]);
    expect((await mine(user(uuid7()))).items).toEqual([]);
  });

  describe('before operators', () => {
    it('lie with the push, the words of the owner and what granting would do, and each look is recorded', async () => {
      const app = await world.app();
      await upheld(app, 'severe');
      const id = await appealed(app, 'severe');
      const by = operator();
      const isIn = async () => (await list({ status: 'open' })).items.some((one) => one.id === id);
      await until(isIn, { what: 'the appeal is in the queue' });
      const item = (await list({ status: 'open' }, by)).items.find((one) => one.id === id)!;
      expect(item).toMatchObject({
        status: 'upheld',
        evidence: { body: 'x' },
        appeal: { status: 'open', note: '他订过', ifGranted: { points: 6, status: 'throttled' } },
      });
      expect(item.history.map(({ event }) => event)).toEqual([
        ...['complaint.complained', 'complaint.upheld', 'complaint.appealed'],
      ]);
      expect((await world.looks(by.userId!))[0]!.complaintIds).toContain(id);
      await decide('refuseAppeal', id);
      await until(async () => !(await isIn()), { what: 'it is decided' });
      expect((await list({ status: 'refused', limit: 1 })).items).toMatchObject([
        { id, appeal: { status: 'refused' } },
      ]);
      for (const caller of others) expect(await refusal(list({}, caller))).toMatch(/^(session|role)\.required$/);
    });

    it('are decided once, by another operator than whoever upheld, and by none who has part in it', async () => {
      const [first, owner, complainant] = [operator(), operator(), operator()];
      const app = await world.app(owner.userId);
      const filed = await world.filed(app, complainant.userId!);
      const { id } = (await world.complain(complainant.userId!, filed)).body;
      await world.uphold(id, 'major', first);
      expect(await refusal(decide('grantAppeal', id))).toBe('appeal.unknown');
      await appeal(app, penaltyOf(id));
      for (const how of ['grantAppeal', 'refuseAppeal'] as const) {
        expect(await refusal(decide(how, id, first))).toBe('appeal.second-operator');
        expect(await refusal(decide(how, id, owner))).toBe('complaint.own-app');
        expect(await refusal(decide(how, id, complainant))).toBe('ops.own-matter');
        for (const caller of others)
          expect(await refusal(decide(how, id, caller))).toMatch(/^(session|role)\.required$/);
        for (const strange of strangeIds) expect(await refusal(decide(how, strange))).toBe('appeal.unknown');
      }
      const asked = Array.from({ length: 10 }, (_, n) => decide(n % 2 === 0 ? 'grantAppeal' : 'refuseAppeal', id));
      const ends = await Promise.allSettled(asked);
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const end of ends)
        if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'appeal.already-decided' });
    });
  });

  describe('that are granted', () => {
    it('put the standing back exactly, once, by handler and reactor together', async () => {
      const app = await world.app();
      const before = await world.upheld(app, 'severe');
      const id = await appealed(app, 'severe');
      expect((await standing(app)).status).toBe('suspended');
      const [by, key] = [operator(), idempotent()];
      const decision = await decide('grantAppeal', id, by, key);
      const { points, status } = before;
      expect(decision.body).toMatchObject({
        complaint: { status: 'upheld', appeal: { status: 'granted' } },
        standing: { points, status },
      });
      expect(decision.body.standing).not.toHaveProperty('until');
      const [lifting, ...rest] = decision.body.standing!.history;
      expect(lifting).toMatchObject({ event: 'standing.penalty-lifted', penaltyId: penaltyOf(id), left: 6 });
      expect(rest.find(({ penaltyId }) => penaltyId === penaltyOf(id))!.appeal).toMatchObject({
        ...{ status: 'granted', answer: 'seen' },
      });
      expect(await decide('grantAppeal', id, by, key)).toMatchObject({ replayed: true });
      const reactor = world.harness.service.app.get(LiftPenaltyReactor);
      const granted = (await world.harness.eventStore.read('complaint', id)).at(-1) as RecordedEvent<never>;
      await Promise.all([reactor.react(granted), reactor.react(granted)]);
      const events = await world.harness.eventStore.read('standing', app.ownerId);
      const lifted = events.filter(({ event }) => event.type === 'standing.penalty-lifted');
      expect(lifted).toHaveLength(1);
      expect(lifted[0]!.metadata).toMatchObject({ actor: `user:${by.userId}`, $causationId: granted.eventId });
    });

    it('lift the penalty also when the operator’s request was cut off', async () => {
      const app = await world.app();
      const id = await appealed(app);
      const data = { decisionId: uuid7(), operatorId: uuid7(), at: world.now() };
      await world.append('complaint', id, { type: 'complaint.appeal-granted', data });
      await until(async () => (await standing(app)).points === 12, { what: 'the reactor lifted the penalty' });
      expect(await world.types('standing', app.ownerId)).toEqual(['opened', 'penalized', 'penalty-lifted']);
    });

    it('take the proposal of a ban off the list, and whoever complained sees what came of it', async () => {
      const app = await world.app();
      await upheld(app, 'severe');
      const personId = uuid7();
      const { id } = (await world.complain(personId, await world.filed(app, personId))).body;
      await world.uphold(id, 'severe');
      const waits = async () => {
        const { items } = (await world.ask<Page<{ appId: string }>>(complaintsSubjects.listBans, {})).body;
        return items.some(({ appId }) => appId === app.appId);
      };
      await until(waits, { what: 'the ban is proposed' });
      await appeal(app, penaltyOf(id));
      await decide('grantAppeal', id);
      await until(async () => !(await waits()), { what: 'the proposal is gone' });
      const mine = async () =>
        (await world.ask<Page<ComplaintView>>(complaintsSubjects.listMine, {}, { caller: user(personId) })).body.items;
      await until(async () => (await mine())[0]?.appeal?.status === 'granted', { what: 'the complainant sees it' });
      expect(JSON.stringify(await mine())).not.toMatch(/他订过|seen/);
    });
  });
});
