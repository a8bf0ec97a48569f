import { aadOf, ComplainableView, complaintsSubjects, DeliveryEvent, PushContent } from '@hark/contracts';
import { uuid5, uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { idempotent, refusal } from '@hark/testing';
import { ComplaintsWorld, dayMs, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

describe('complaining', () => {
  let world: ComplaintsWorld;
  let app: RegisteredApp;
  let ann: string;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    app = await world.app();
  });
  beforeEach(() => {
    ann = uuid7();
  });
  afterAll(() => world.close());

  it('opens a complaint about what one received', async () => {
    const pushId = await world.filed(app, ann);
    const { body, position } = await world.complain(ann, pushId, { reason: 'fraud', note: '骗子' });
    const id = uuid5(pushId, ann);
    expect(body).toEqual({ id, status: 'open', inboxItemId: pushId, reason: 'fraud', complainedAt: body.complainedAt });
    expect(position).toMatch(/^\d+-complaint$/);
    const [event] = await world.events('complaint', id);
    expect(event!.data).toMatchObject({
      pushId,
      appId: app.appId,
      ownerId: app.ownerId,
      personId: ann,
      reason: 'fraud',
    });
    const { note } = event!.data as { note: string };
    expect(note).not.toContain('骗子');
    expect(await world.vault.open(note, aadOf.complaintNote(id))).toBe('骗子');
  });

  it('is done once: the same again is quiet, something else is refused', async () => {
    const pushId = await world.filed(app, ann);
    const first = await world.complain(ann, pushId);
    expect((await world.complain(ann, pushId)).body).toEqual(first.body);
    expect(await refusal(world.complain(ann, pushId, { reason: 'abuse' }))).toBe('complaint.already-made');
    expect(await world.types('complaint', first.body.id)).toEqual(['complained']);
  });

  it('of twenty at once is one', async () => {
    const pushId = await world.filed(app, ann);
    const replies = await Promise.all(Array.from({ length: 20 }, () => world.complain(ann, pushId)));
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await world.types('complaint', replies[0]!.body.id)).toEqual(['complained']);
  });

  it('is for the recipient: anybody else’s message is like none', async () => {
    const pushId = await world.filed(app, uuid7());
    for (const id of [pushId, ...strangeIds]) expect(await refusal(world.complain(ann, id))).toBe('inbox.unknown');
    expect(await refusal(world.complain(ann, pushId, {}, { caller: { kind: 'app', roles: [] } }))).toBe(
      'session.required',
    );
    expect(await world.types('complaint', uuid5(pushId, ann))).toEqual([]);
  });

  it('is not about what was never filed', async () => {
    const pushId = uuid7();
    const data = { outcome: 'suppressed', reason: 'unbound', at: world.now() };
    await world.append('delivery', pushId, { type: 'delivery.finished', data });
    expect(await refusal(world.complain(ann, pushId))).toBe('inbox.unknown');
  });

  it.each([[{ reason: 'boring' }], [{ note: 'x'.repeat(1_001) }], [{ more: 1 }]])(
    'names what is wrong in %j',
    async (more) =>
      expect(await refusal(world.complain(ann, await world.filed(app, ann), more))).toBe('request.invalid'),
  );

  describe('by the link of its mail', () => {
    const link = (pushId: string, bindingId: string, personId = ann): RpcOptions => ({
      caller: {
        kind: 'mail-link',
        roles: [],
        link: { purpose: 'complain', personId, bindingId, consentId: uuid7(), pushId },
      },
    });
    const shown = (meta: RpcOptions) => world.ask<ComplainableView>(complaintsSubjects.getByLink, {}, meta);
    const complain = (meta: RpcOptions, more: object = {}) =>
      world.ask(complaintsSubjects.complainByLink, { reason: 'spam', ...more }, meta);
    const bindingOf = async (pushId: string) =>
      ((await world.events<DeliveryEvent>('delivery', pushId))[0]!.data as { bindingId: string }).bindingId;
    const mailed = async (text: Partial<PushContent> = {}) => {
      const pushId = await world.filed(app, ann, text);
      return { pushId, bindingId: await bindingOf(pushId) };
    };

    it('shows the message in the language of the page, and is done once, however it is done', async () => {
      const variants = { en: { body: 'y'.repeat(301) } };
      const { pushId, bindingId } = await mailed({ title: '标题', body: '正文', variants });
      const meta = link(pushId, bindingId);
      const { body } = await shown({ ...meta, locale: 'zh-CN' });
      expect(body).toMatchObject({ appName: 'x', title: '标题', body: '正文', is: 'open' });
      expect((await shown({ ...meta, locale: 'en' })).body.body).toBe(`${'y'.repeat(299)}…`);
      await complain(meta, { note: '骗子' });
      await complain(meta);
      expect(await refusal(complain(meta, { reason: 'abuse' }))).toBe('complaint.already-made');
      expect((await world.complain(ann, pushId)).body.status).toBe('open');
      expect((await shown(meta)).body.is).toBe('made');
      const [event, ...more] = await world.events('complaint', uuid5(pushId, ann));
      expect([event!.data, more]).toMatchObject([{ personId: ann, reason: 'spam' }, []]);
    });

    it('is about no other message, and nobody else’s', async () => {
      const { pushId, bindingId } = await mailed();
      for (const meta of [link(uuid7(), bindingId), link(pushId, uuid7()), link(pushId, bindingId, uuid7())]) {
        expect(await refusal(shown(meta))).toBe('inbox.unknown');
        expect(await refusal(complain(meta))).toBe('inbox.unknown');
      }
      const meta = link(pushId, bindingId);
      expect(await refusal(complain(meta, { inboxItemId: pushId }))).toBe('request.invalid');
      expect(await refusal(world.complain(ann, pushId, {}, meta))).toBe('session.required');
      expect(await refusal(world.ask(complaintsSubjects.listMine, {}, meta))).toBe('session.required');
      expect(await world.types('complaint', uuid5(pushId, ann))).toEqual([]);
    });

    it('is over with its person', async () => {
      const { pushId, bindingId } = await mailed();
      await world.vault.erase(ann);
      const meta = link(pushId, bindingId);
      expect(await refusal(shown(meta))).toBe('inbox.unknown');
      expect(await refusal(complain(meta))).toBe('inbox.unknown');
    });
  });

  describe('under an Idempotency-Key', () => {
    it('gives the same answer again, also after the decision, and refuses another body', async () => {
      const pushId = await world.filed(app, ann);
      const key = idempotent();
      const first = await world.complain(ann, pushId, {}, key);
      expect(first.replayed).toBeUndefined();
      expect(await world.complain(ann, pushId, {}, key)).toEqual({ ...first, replayed: true });
      await world.uphold(first.body.id, 'minor');
      const replay = await world.complain(ann, pushId, {}, key);
      expect(replay).toMatchObject({ body: first.body, replayed: true });
      expect((await world.complain(ann, pushId)).body.status).toBe('upheld');
      const other = { ...key, requestHash: 'b'.repeat(64) };
      expect(await refusal(world.complain(ann, pushId, { reason: 'abuse' }, other))).toBe('idempotency.mismatch');
      const another = await world.filed(app, ann);
      expect(await refusal(world.complain(ann, another, {}, other))).toBe('idempotency.mismatch');
    });
  });

  it('is possible for thirty days, and who did can ask again later', async () => {
    const late = await ComplaintsWorld.start();
    try {
      const sender = await late.app();
      const [one, two, three] = await Promise.all([1, 2, 3].map(() => late.filed(sender, ann)));
      const key = idempotent();
      const { body } = await late.complain(ann, one, {}, key);
      late.passTime(30 * dayMs - 60_000);
      expect((await late.complain(ann, two)).body.status).toBe('open');
      late.passTime(120_000);
      expect(await refusal(late.complain(ann, three))).toBe('complaint.too-late');
      expect((await late.complain(ann, one)).body).toEqual(body);
      expect(await late.complain(ann, one, {}, key)).toMatchObject({ body, replayed: true });
    } finally {
      await late.close();
    }
  });
});
