import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient, shortPatience } from '../testing/delivery-world-spec';
import { barkGone, barkOk, barkThrottled, barkTransient } from '../testing/outside-world-spec';

describe('trying to reach an endpoint', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterEach(() => world.be());
  afterAll(() => world.close());

  const received = (to: Recipient) => world.outside.barkPushes(to.deviceKey);
  const unbind = (to: Recipient) =>
    world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });

  describe('that answers', () => {
    it('tries a passing failure again, and delivers', async () => {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkTransient, barkTransient, barkOk);
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('delivered');
      const tries = ['attempted', 'failed', 'attempted', 'failed', 'attempted', 'sent', 'finished'];
      expect(await world.types(pushId)).toEqual(['decided', 'filed', ...tries]);
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'TRANSIENT', final: false });
      expect(received(to).map(({ id }) => id)).toEqual([pushId, pushId, pushId]);
    });

    it('gives up after three tries, and the push stands in the inbox', async () => {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkTransient);
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('failed');
      expect(received(to)).toHaveLength(3);
      const inbox = async () => (await world.inbox(to.personId)).body.items.some(({ id }) => id === pushId);
      await until(inbox, { what: 'the push is in the inbox' });
    });

    it('does not repeat what can never work', async () => {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkGone);
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('failed');
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'RECIPIENT_GONE', final: true });
      expect(received(to)).toHaveLength(1);
    });

    it('does not come back before the provider wants it to', async () => {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkThrottled);
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('failed');
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'THROTTLED', final: true });
      expect(received(to)).toHaveLength(1);
    });

    it('waits between tries, and begins none after its time', async () => {
      world.be({ waitsMs: [150, 150], lastTryMs: 250 });
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkTransient);
      expect(await world.finished(await world.push(to))).toBe('failed');
      const [first, second, ...more] = received(to);
      expect(second!.receivedAtMs - first!.receivedAtMs).toBeGreaterThanOrEqual(145);
      expect(more).toEqual([]);
    });
  });

  describe('that does not answer', () => {
    it('calls it unknown, and repeats it with the same id', async () => {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, 'hang', barkOk);
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.seen(pushId, 'delivery.unknown')).toMatchObject({ class: 'UNKNOWN_OUTCOME', final: false });
      expect(received(to).map(({ id }) => id)).toEqual([pushId, pushId]);
      const ids = (await world.story(pushId)).flatMap(({ data }) => ('attemptId' in data ? [data.attemptId] : []));
      expect(new Set(ids).size).toBe(2);
    });

    it('holds up neither the other endpoint nor anybody else', async () => {
      world.be({ ...shortPatience, sendMs: 5_000 });
      const app = await world.app();
      const slow = await world.recipient({ app, endpoints: ['phone', 'mailbox'] });
      world.outside.replyTo(slow.deviceKey, 'hang');
      const hanging = await Promise.all(Array.from({ length: 40 }, () => world.push(slow)));
      await until(() => received(slow).length === 40, { what: 'forty pushes hang' });
      const others = await Promise.all(Array.from({ length: 20 }, () => world.recipient({ app })));
      const pushes = await Promise.all(others.map((to) => world.push(to)));
      expect(new Set(await Promise.all(pushes.map((id) => world.finished(id))))).toEqual(new Set(['delivered']));
      await until(() => world.outside.mailsTo(slow.address).length === 40, { what: 'the mails are there' });
      for (const pushId of hanging) expect(await world.types(pushId)).not.toContain('finished');
      world.outside.release();
      expect(new Set(await Promise.all(hanging.map((id) => world.finished(id))))).toEqual(new Set(['delivered']));
    });
  });

  describe('when things change between two tries', () => {
    /** A push whose first try has failed, waiting for its second. */
    const waiting = async () => {
      world.be({ ...shortPatience, waitsMs: [700, 700] });
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, barkTransient, barkOk);
      const pushId = await world.push(to);
      await world.seen(pushId, 'delivery.failed');
      return { to, pushId };
    };
    const changes: [string, string, (to: Recipient) => Promise<unknown>][] = [
      ['unbound', 'suppressed: unbound', unbind],
      [
        'blocked',
        'suppressed: blocked-by-user',
        (to) => world.append('binding', to.bindingId, { type: 'binding.blocked', data: { at } }),
      ],
      [
        'suspended',
        'suppressed: app-suspended',
        (to) =>
          world.append('standing', to.ownerId, {
            type: 'standing.suspended',
            data: { until: '2099-01-01T00:00:00.000Z', at },
          }),
      ],
      [
        'muted',
        'inbox-only: muted',
        (to) => world.append('binding', to.bindingId, { type: 'binding.muted', data: { until: null, at } }),
      ],
      [
        'the endpoint removed',
        'inbox-only: no-channel',
        (to) =>
          world.append('user', to.personId, { type: 'user.endpoint-removed', data: { endpointId: to.phone, at } }),
      ],
    ];
    it.each(changes)('%s: nothing more is sent', async (_, outcome, change) => {
      const { to, pushId } = await waiting();
      await change(to);
      expect(await world.finished(pushId)).toBe(outcome);
      expect(received(to)).toHaveLength(1);
      expect((await world.types(pushId)).slice(-3)).toEqual(['failed', 'suppressed', 'finished']);
    });

    it('sends no byte later than a second after the withdrawal', async () => {
      world.be({ ...shortPatience, waitsMs: [5, 5] });
      const app = await world.app();
      const all = await Promise.all(Array.from({ length: 10 }, () => world.recipient({ app })));
      await Promise.all(all.map((to) => world.push(to)));
      const withdrawn = await Promise.all(all.map(async (to) => (await unbind(to), performance.now())));
      for (const to of all) await world.finished(await world.push(to));
      for (const [index, to] of all.entries()) {
        for (const { receivedAtMs } of received(to)) expect(receivedAtMs).toBeLessThan(withdrawn[index]! + 1_000);
        expect(received(to).length).toBeLessThanOrEqual(1);
      }
    });
  });
});
