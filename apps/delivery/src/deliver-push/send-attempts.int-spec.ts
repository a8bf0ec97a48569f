import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModerationEvent } from '@hark/contracts';
import { startEventStore } from '@hark/embedded';
import { Recorded } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient, shortPatience } from '../testing/delivery-world-spec';
import { barkGone, barkOk, barkThrottled, barkTransient } from '../testing/outside-world-spec';
import { AttemptPatience } from './attempt-patience';
import { DeliverPushReactor } from './deliver-push.reactor';

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

  describe('when a verdict comes again', () => {
    const verdictOf = async (pushId: string) =>
      (await world.store.read('moderation', pushId))[0] as Recorded<ModerationEvent>;
    const react = async (pushId: string) => {
      const reactor = world.harness.service.app.get(DeliverPushReactor);
      return reactor.react((await verdictOf(pushId)) as Parameters<typeof reactor.react>[0]);
    };

    it('sends nothing twice, after the end', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      const pushId = await world.push(to);
      await world.finished(pushId);
      const before = await world.types(pushId);
      await Promise.all([react(pushId), react(pushId)]);
      await world.pass(pushId); // the same verdict as another event
      await world.finished(await world.push(to));
      expect(await world.types(pushId)).toEqual(before);
      expect(received(to).filter(({ id }) => id === pushId)).toHaveLength(1);
      expect(world.outside.mailsTo(to.address)).toHaveLength(2);
    });

    it('joins what is under way: a try that runs is not taken for one that was cut off', async () => {
      world.be({ ...shortPatience, sendMs: 5_000 });
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, 'hang');
      const pushId = await world.push(to);
      await until(() => received(to).length, { what: 'the push hangs' });
      const again = Promise.all([react(pushId), react(pushId), react(pushId)]);
      const neighbour = await world.recipient();
      await world.finished(await world.push(neighbour)); // they have had their chance
      world.outside.release();
      await again;
      expect(await world.types(pushId)).toEqual(['decided', 'filed', 'attempted', 'sent', 'finished']);
      expect(received(to)).toHaveLength(1);
    });

    it('makes one decision of many runs at once, in another process too', async () => {
      const replica = await (await import('../main')).start({ ...world.harness.env, ...world.outside.settings });
      try {
        replica.app.get(AttemptPatience).waitsMs = [20, 40];
        const to = await world.recipient();
        const pushes = await Promise.all(Array.from({ length: 30 }, () => world.accepted(to)));
        await Promise.all(pushes.map((pushId) => world.pass(pushId)));
        const reactors = [replica, world.harness.service].map(({ app }) => app.get(DeliverPushReactor));
        await Promise.all(
          pushes.flatMap((pushId) =>
            reactors.map(async (reactor) =>
              reactor.react((await verdictOf(pushId)) as Parameters<typeof reactor.react>[0]),
            ),
          ),
        );
        for (const pushId of pushes) {
          expect(await world.finished(pushId)).toBe('delivered');
          const types = await world.types(pushId);
          for (const once of ['decided', 'filed', 'finished'])
            expect(types.filter((type) => type === once)).toHaveLength(1);
          // A second copy only where a try was called unknown, and under the same id.
          const copies = received(to).filter(({ id }) => id === pushId).length;
          expect(copies).toBeLessThanOrEqual(1 + types.filter((type) => type === 'unknown').length);
        }
      } finally {
        await replica.close();
      }
    });
  });

  describe('after a crash', () => {
    /** A delivery that was cut off with as many tries open or ended as are given, and then its verdict comes again. */
    const cutOff = async (to: Recipient, tries: number, change: () => Promise<unknown> = async () => undefined) => {
      const pushId = await world.accepted(to);
      const { appId, ownerId, personId, bindingId } = to;
      const ids = { appId, ownerId, personId, bindingId };
      const seen = { bindingRevision: 0, standingRevision: -1, decision: 'deliver', muted: false, at };
      const [message] = await world.store.read('message', pushId);
      const { content } = message!.event.data as { content: string };
      const attempt = () => ({ attemptId: uuid7(), endpointId: to.phone, channel: 'bark', at });
      const open = { ...attempt(), dedupeId: pushId, bindingRevision: 0 };
      const ended = Array.from({ length: tries - 1 }, attempt).flatMap((one) => [
        { type: 'delivery.attempted', data: { ...one, dedupeId: pushId, bindingRevision: 0 } },
        { type: 'delivery.failed', data: { ...one, class: 'TRANSIENT', final: false } },
      ]);
      await world.append(
        'delivery',
        pushId,
        { type: 'delivery.decided', data: { ...ids, ...seen, endpoints: [{ endpointId: to.phone, kind: 'bark' }] } },
        { type: 'delivery.filed', data: { ...ids, content, pushedAt: at, at } },
        ...ended,
        { type: 'delivery.attempted', data: open },
      );
      await change();
      await world.pass(pushId);
      return pushId;
    };

    it('calls the open try unknown, and tries again under the same id', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 1);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.types(pushId)).toEqual([
        'decided',
        'filed',
        'attempted',
        'unknown',
        'attempted',
        'sent',
        'finished',
      ]);
      expect(await world.seen(pushId, 'delivery.unknown')).toMatchObject({ class: 'interrupted', final: false });
      expect(received(to).map(({ id }) => id)).toEqual([pushId]);
    });

    it('ends it as unknown when it was the last try', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 3);
      expect(await world.finished(pushId)).toBe('failed');
      expect((await world.types(pushId)).slice(-3)).toEqual(['attempted', 'unknown', 'finished']);
      expect(received(to)).toEqual([]);
    });

    it('gives the open try an end also when nothing may be sent any more', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 1, () => unbind(to));
      expect(await world.finished(pushId)).toBe('suppressed: unbound');
      expect((await world.types(pushId)).slice(-4)).toEqual(['attempted', 'unknown', 'suppressed', 'finished']);
      const erased = await world.recipient();
      expect(await world.finished(await cutOff(erased, 1, () => world.vault.erase(erased.personId)))).toBe(
        'suppressed: person-erased',
      );
      expect([...received(to), ...received(erased)]).toEqual([]);
    });
  });
});

describe('while the event store is away', () => {
  it('sends once: what has left is written down when the store is back', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'hark-test-events-'));
    let store = await startEventStore({ dataDir });
    const world = await DeliveryWorld.start(store.url);
    try {
      const to = await world.recipient();
      world.outside.replyTo(to.deviceKey, 'hang');
      world.be({ ...shortPatience, sendMs: 10_000 });
      const pushId = await world.push(to);
      await until(() => world.outside.barkPushes(to.deviceKey).length, { what: 'the push hangs' });
      const { port } = store;
      await store.close();
      world.outside.release();
      store = await startEventStore({ dataDir, port });
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.types(pushId)).toEqual(['decided', 'filed', 'attempted', 'sent', 'finished']);
      expect(world.outside.barkPushes(to.deviceKey)).toHaveLength(1);
    } finally {
      await world.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
