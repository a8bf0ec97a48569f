import { MessageEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const sendAt = plusMs(at, 3_600_000);
const fired: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 1, at: sendAt } };
const onTime: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 1, onTime: true, at: sendAt } };
const recalled: MessageEvent = { type: 'message.recalled', data: { at: sendAt } };

describe('delivering a push that waited for its time', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterEach(() => world.configure());
  afterAll(() => world.close());

  /** A push that waits, already judged; the reactions to its verdict are over once another push has arrived. */
  const waiting = async (to: Recipient, times: { expiresAt?: string } = {}) => {
    const pushId = await world.accepted(to, { body: 'later' }, at, { sendAt, ...times });
    await world.pass(pushId);
    await world.finished(await world.push(await world.recipient()));
    expect(await world.steps(pushId)).toEqual([]);
    return pushId;
  };
  const inInbox = async (to: Recipient) => (await world.inbox(to.personId)).body.items.map(({ id }) => id);

  it.each([
    ['late', fired],
    ['on time', onTime],
  ])('files and sends it when its time has come, and not with its verdict: %s', async (_, event) => {
    const to = await world.recipient();
    const pushId = await waiting(to);
    await world.append('message', pushId, event);
    expect(await world.finished(pushId)).toBe('delivered');
    expect(world.asked(to)).toHaveLength(1);
    await until(async () => (await inInbox(to)).includes(pushId), { what: 'it is in the inbox' });
  });

  it('waits on for a verdict that is not there yet', async () => {
    const to = await world.recipient();
    const pushId = await world.accepted(to, { body: 'later' }, at, { sendAt });
    await world.append('message', pushId, fired);
    await world.finished(await world.push(await world.recipient()));
    expect(await world.steps(pushId)).toEqual([]);
    await world.pass(pushId);
    expect(await world.finished(pushId)).toBe('delivered');
  });

  it('looks the consent up at that time', async () => {
    const to = await world.recipient();
    const pushId = await waiting(to);
    await world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
    await world.append('message', pushId, fired);
    expect(await world.finished(pushId)).toBe('suppressed: unbound');
    expect(world.asked(to)).toEqual([]);
  });

  it('sends nothing that was taken back or is over', async () => {
    const to = await world.recipient();
    const pushId = await waiting(to);
    await world.append('message', pushId, recalled, fired);
    const over = await waiting(to, { expiresAt: plusMs(at, 1) });
    await world.append('message', over, fired);
    expect(await world.finished(pushId)).toBe('suppressed: recalled');
    expect(await world.finished(over)).toBe('suppressed: expired');
    expect(world.asked(to)).toEqual([]);
  });

  it('takes what was delivered out of the inbox when it is taken back, and counts it no more', async () => {
    const to = await world.recipient();
    const pushId = await world.push(to);
    await until(async () => (await inInbox(to)).includes(pushId), { what: 'it is in the inbox' });
    await world.append('message', pushId, recalled);
    await until(async () => !(await inInbox(to)).includes(pushId), { what: 'it has left the inbox' });
    expect((await world.inbox(to.personId)).body.unread).toBe(0);
  });

  describe('taken back by its sender', () => {
    const onPhone = (to: Recipient) => world.shown(to).map(({ id, state }) => [id, state]);
    const fate = async (pushId: string) =>
      (await world.story(pushId)).flatMap(({ type, data }) =>
        type === 'delivery.taken-back' || type === 'delivery.left-shown'
          ? [[data.channel, 'reason' in data ? data.reason : 'taken-back']]
          : [],
      );

    it('leaves the phone too; a mail is said to stay', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      const pushId = await world.push(to);
      await world.finished(pushId);
      await world.append('message', pushId, recalled);
      await until(async () => (await fate(pushId)).length === 2, { what: 'both endpoints are dealt with' });
      expect(await fate(pushId)).toEqual(
        expect.arrayContaining([
          ['bark', 'taken-back'],
          ['email', 'not-possible'],
        ]),
      );
      expect(onPhone(to)).toEqual([
        [pushId, 'deleted'],
        [pushId, 'silent'],
      ]);
    });

    it('stays where a later push has taken its place, which alone can be taken back then', async () => {
      const to = await world.recipient();
      const step = (body: string) => world.push(to, { body, collapseId: 'eta' });
      const first = await step('10 min');
      await world.finished(first);
      const later = await step('5 min');
      await world.finished(later);
      await world.append('message', first, recalled);
      await world.seen(first, 'delivery.left-shown');
      expect(await fate(first)).toEqual([['bark', 'replaced']]);
      expect(onPhone(to).map(([, state]) => state)).toEqual(['replaced', 'shown']);
      await world.append('message', later, recalled);
      await world.seen(later, 'delivery.taken-back');
      expect(onPhone(to).map(([, state]) => state)).toEqual(['replaced', 'deleted', 'silent']);
    });

    it('is asked for again later when the phone’s server refuses for the moment', async () => {
      const to = await world.recipient();
      const pushId = await world.push(to);
      await world.finished(pushId);
      world.phone(to, 'hiccup', 1);
      await world.append('message', pushId, recalled);
      expect(await world.seen(pushId, 'delivery.left-shown')).toMatchObject({
        number: 1,
        reason: 'TRANSIENT',
        retryAt: expect.any(String) as string,
      });
      world.passTime(6 * 60_000);
      await world.seen(pushId, 'delivery.taken-back');
      expect(onPhone(to)).toEqual([
        [pushId, 'deleted'],
        [pushId, 'silent'],
      ]);
    });

    it('is decided on no more, whoever looks at what time', async () => {
      const to = await world.recipient();
      const pushId = await world.accepted(to);
      await world.append('message', pushId, recalled);
      await world.seen(pushId, 'delivery.called-off');
      await world.pass(pushId);
      expect(await world.finished(pushId)).toBe('suppressed: recalled');
      expect(await world.steps(pushId)).toEqual(['called-off', 'decided', 'finished']);
      expect(world.asked(to)).toEqual([]);
    });
  });

  describe('whose text its sender changed', () => {
    const bodyOf = async (to: Recipient, id: string) => (await world.item(to.personId, id)).body;
    const shownBody = (to: Recipient) =>
      world.shown(to).flatMap(({ state, body }) => (state === 'shown' ? [body] : []));

    it('waits for the verdict on the new text, whatever was said of the old one', async () => {
      const to = await world.recipient();
      const pushId = await waiting(to);
      const contentHash = await world.edited(to, pushId, { body: 'new' });
      await world.append('message', pushId, fired);
      await world.finished(await world.push(await world.recipient()));
      expect(await world.steps(pushId)).toEqual([]);
      await world.pass(pushId, contentHash);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(shownBody(to)).toEqual(['new']);
    });

    it('sends nothing for a verdict on a text that was changed since, and parks nothing', async () => {
      const to = await world.recipient();
      const pushId = await world.accepted(to);
      await world.edited(to, pushId, { body: 'new' });
      await world.pass(pushId);
      await world.finished(await world.push(await world.recipient()));
      expect(await world.steps(pushId)).toEqual([]);
    });

    it('shows the new text in the inbox and on the phone that has the old one, without a second delivery', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      const pushId = await world.push(to, { body: 'old', actions: [{ id: 'old', label: 'o' }] });
      await world.finished(pushId);
      const contentHash = await world.edited(to, pushId, { body: 'new', actions: [{ id: 'new', label: 'n' }] });
      await until(async () => (await inInbox(to)).includes(pushId), { what: 'it is in the inbox' });
      expect(await bodyOf(to, pushId)).toMatchObject({ body: 'old' });
      await expect(world.act(to.personId, pushId, 'new')).rejects.toMatchObject({ code: 'inbox.action-unknown' });

      await world.pass(pushId, contentHash);
      await until(async () => (await bodyOf(to, pushId)).body === 'new', { what: 'the inbox has the new text' });
      expect(await bodyOf(to, pushId)).toMatchObject({ editedAt: expect.any(String) as string });
      await until(() => shownBody(to).join() === 'new', { what: 'the phone has it too' });
      expect(new Set(world.asked(to).map(({ id }) => id)).size).toBe(1);
      expect(world.mailTries(to)).toBe(1);
      const finishes = (await world.steps(pushId)).filter((step) => step === 'finished');
      expect(finishes).toHaveLength(1);
      await world.act(to.personId, pushId, 'new');
    });

    it('is tried again where the phone did not take it, and the delivery ends once', async () => {
      const to = await world.recipient();
      const pushId = await world.push(to);
      await world.finished(pushId);
      world.phone(to, 'hiccup', 1);
      await world.pass(pushId, await world.edited(to, pushId, { body: 'new' }));
      const { retryAt } = await world.deferred(pushId);
      world.passTime(Math.max(0, Date.parse(retryAt) - Date.parse(world.now())));
      await until(() => shownBody(to).join() === 'new', { what: 'the phone has it' });
      expect((await world.steps(pushId)).filter((step) => step === 'finished')).toHaveLength(1);
    });

    it('is sent once while another endpoint is tried again: its try is not taken for one that was cut off', async () => {
      world.configure({ sendMs: 20_000 });
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      world.refuseMail(to, 451, 'later', 1);
      const pushId = await world.push(to, { body: 'old' });
      const { retryAt } = await world.deferred(pushId);
      await until(() => shownBody(to).join() === 'old', { what: 'the phone has it' });
      world.phone(to, 'waits');
      await world.pass(pushId, await world.edited(to, pushId, { body: 'new' }));
      await until(() => world.asked(to).length === 2, { what: 'the new text is on its way' });
      world.passTime(Math.max(0, Date.parse(retryAt) - Date.parse(world.now())));
      await until(() => world.mailsTo(to).length === 1, { what: 'the mail is there' });
      await world.finished(pushId);
      await world.finished(await world.push(await world.recipient())); // the mail's run has had its chance
      world.release(to);
      await until(() => shownBody(to).join() === 'new', { what: 'the phone has the new text' });
      const sent = async () => (await world.steps(pushId)).filter((step) => step === 'sent').length === 3;
      await until(sent, { what: 'both of the phone’s tries and the mail’s have ended' });
      expect(await world.steps(pushId)).not.toContain('unknown');
      expect(world.asked(to)).toHaveLength(2);
    });

    const replacements = async (pushId: string) =>
      (await world.steps(pushId)).filter((step) => step === 'replaced').length;

    it.each([1, 2])(
      'is sent once when it changes %i times while the first try is under way, which is not taken for cut off',
      async (times) => {
        world.configure({ sendMs: 20_000 });
        const to = await world.recipient();
        world.phone(to, 'waits');
        const pushId = await world.push(to, { body: 'old' });
        await until(() => world.asked(to).length === 1, { what: 'the first text is on its way' });
        for (let edition = 1; edition <= times; edition += 1) {
          await world.pass(pushId, await world.edited(to, pushId, { body: `new ${edition}` }, edition));
          await until(async () => (await replacements(pushId)) === edition, { what: 'it is in the inbox' });
        }
        await world.finished(await world.push(await world.recipient())); // the runs of the new texts have had their chance
        expect(await world.steps(pushId)).not.toContain('unknown');
        expect(world.asked(to)).toHaveLength(1);
        world.release(to);
        await until(() => shownBody(to).join() === `new ${times}`, { what: 'the phone has the newest text' });
        const sent = async () => (await world.steps(pushId)).filter((step) => step === 'sent').length === 2;
        await until(sent, { what: 'both tries have ended' });
        expect(await world.steps(pushId)).not.toContain('unknown');
        expect(world.asked(to)).toHaveLength(2);
      },
    );

    it('keeps the name that the phone knows it by, and leaves alone a later push that took its place there', async () => {
      const to = await world.recipient();
      const collapsed = (body: string) => ({ body, collapseId: 'eta' });
      const first = await world.push(to, collapsed('at nine'));
      await world.finished(first);
      await world.pass(first, await world.edited(to, first, { body: 'at ten' }));
      await until(() => shownBody(to).join() === 'at ten', { what: 'it is replaced' });
      const second = await world.push(to, collapsed('arrived'));
      await world.finished(second);
      await world.pass(first, await world.edited(to, first, { body: 'at eleven' }, 2));
      await until(async () => (await bodyOf(to, first)).body === 'at eleven', { what: 'the inbox has it' });
      await world.finished(await world.push(await world.recipient()));
      expect(shownBody(to)).toEqual(['arrived']);
    });

    it('sends what was judged to a phone that is tried again, not what waits for its verdict', async () => {
      const to = await world.recipient();
      world.phone(to, 'hiccup', 1);
      const pushId = await world.push(to, { body: 'old' });
      await world.deferred(pushId);
      await world.edited(to, pushId, { body: 'unjudged' });
      world.passTime(10_000);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(shownBody(to)).toEqual(['old']);
    });

    it('stays as it is for who acknowledged it, and for who withdrew their consent', async () => {
      const [ann, bob, cas] = [await world.recipient(), await world.recipient(), await world.recipient()];
      const [known, ended, changed] = [await world.push(ann), await world.push(bob), await world.push(cas)];
      for (const pushId of [known, ended, changed]) await world.finished(pushId);
      await world.mark('acknowledge', ann.personId, known);
      await world.append('binding', bob.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
      for (const [to, id] of [[ann, known] as const, [bob, ended] as const, [cas, changed] as const]) {
        await world.pass(id, await world.edited(to, id, { body: 'new' }));
      }
      await world.seen(changed, 'delivery.replaced');
      await world.finished(await world.push(await world.recipient()));
      for (const pushId of [known, ended]) expect(await world.steps(pushId)).not.toContain('replaced');
    });
  });
});
