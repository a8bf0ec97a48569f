import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModerationEvent } from '@hark/contracts';
import { startEventStore } from '@hark/embedded-eventstore';
import { RecordedEvent } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { start } from '../main';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { DeliverPushReactor } from './deliver-push.reactor';

const hourMs = 3_600_000;

describe('a delivery that was begun before', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const received = (to: Recipient) => world.asked(to);
  const unbind = (to: Recipient) =>
    world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });

  const verdictOf = async (pushId: string) =>
    (await world.store.read('moderation', pushId))[0] as RecordedEvent<ModerationEvent>;
  const react = async (pushId: string, differently: Partial<RecordedEvent<ModerationEvent>> = {}) => {
    const reactor = world.harness.service.app.get(DeliverPushReactor);
    return reactor.react({ ...(await verdictOf(pushId)), ...differently } as Parameters<typeof reactor.react>[0]);
  };

  /** Another process on the same stores, whose clock goes with the world's. */
  const startReplica = async () => {
    const replica = await start(world.harness.env);
    replica.app.get(Clock).now = () => world.now();
    return replica;
  };
  /** How each ends, while time passes for those that found no room at once. */
  const ends = async (pushes: readonly string[]) => {
    const isOver = async (pushId: string) => (await world.steps(pushId)).includes('finished');
    const areOver = world.hurried(async () => (await Promise.all(pushes.map(isOver))).every(Boolean));
    await until(areOver, { what: 'all of them end' });
    return Promise.all(pushes.map((pushId) => world.finished(pushId)));
  };

  describe('when a verdict comes again', () => {
    it('sends nothing twice, after the end', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      const pushId = await world.push(to);
      await world.finished(pushId);
      const before = await world.steps(pushId);
      await Promise.all([react(pushId), react(pushId)]);
      await world.pass(pushId); // the same verdict as another event
      await world.finished(await world.push(to));
      expect(await world.steps(pushId)).toEqual(before);
      expect(received(to).filter(({ id }) => id === pushId)).toHaveLength(1);
      expect(world.mailsTo(to)).toHaveLength(2);
    });

    it('joins what is under way: a try that runs is not taken for one that was cut off', async () => {
      const to = await world.recipient();
      world.phone(to, 'waits');
      const pushId = await world.push(to);
      await until(() => received(to).length, { what: 'the push hangs' });
      const again = Promise.all([react(pushId), react(pushId), react(pushId)]);
      const neighbour = await world.recipient();
      await world.finished(await world.push(neighbour)); // they have had their chance
      world.release(to);
      await again;
      expect(await world.steps(pushId)).toEqual(['decided', 'filed', 'attempted', 'sent', 'finished']);
      expect(received(to)).toHaveLength(1);
    });

    it('makes one decision of many runs at once, in another process too', async () => {
      const replica = await startReplica();
      try {
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
        expect(new Set(await ends(pushes))).toEqual(new Set(['delivered']));
        for (const pushId of pushes) {
          const types = await world.steps(pushId);
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

  it('never rings more often than a day’s cap, in two processes either', async () => {
    const replica = await startReplica();
    try {
      const to = await world.recipient();
      await world.append('user', to.personId, { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } });
      // At noon: a day that ends in between begins another three.
      world.passTime((36 * hourMs - (Date.parse(world.now()) % (24 * hourMs))) % (24 * hourMs));
      await world.append('binding', to.bindingId, { type: 'binding.cap-set', data: { dailyCap: 3, at } });
      const pushes = await Promise.all(Array.from({ length: 12 }, () => world.push(to)));
      const reactors = [replica, world.harness.service].map(({ app }) => app.get(DeliverPushReactor));
      await Promise.all(
        pushes.flatMap((pushId) =>
          reactors.map(async (reactor) =>
            reactor.react((await verdictOf(pushId)) as Parameters<typeof reactor.react>[0]),
          ),
        ),
      );
      expect((await ends(pushes)).sort()).toEqual([
        ...Array<string>(3).fill('delivered'),
        ...Array<string>(9).fill('inbox-only: daily-cap'),
      ]);
      expect(new Set(received(to).map(({ id }) => id)).size).toBe(3);
      await world.append('binding', to.bindingId, { type: 'binding.cap-set', data: { dailyCap: null, at } });
      expect(await world.finished(await world.push(to))).toBe('delivered');
    } finally {
      await replica.close();
    }
  });

  describe('after a crash', () => {
    /** A delivery that was cut off with as many tries open or ended as are given, and then its verdict comes again. */
    const cutOff = async (
      to: Recipient,
      tries: number,
      change: (pushId: string) => Promise<unknown> = async () => undefined,
      decidedAt = world.now(),
      cause?: string,
    ) => {
      const pushId = await world.accepted(to);
      const { appId, ownerId, personId, bindingId } = to;
      const ids = { appId, ownerId, personId, bindingId };
      const seen = { bindingRevision: 0, standingRevision: -1, decision: 'deliver', muted: false, at: decidedAt };
      const [message] = await world.store.read('message', pushId);
      const { content } = message!.event.data as { content: string };
      const attempt = () => ({ attemptId: uuid7(), endpointId: to.phone, channel: 'bark', at });
      const open = { ...attempt(), dedupeId: pushId, bindingRevision: 0, ...(cause !== undefined && { cause }) };
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
      await change(pushId);
      await world.pass(pushId);
      return pushId;
    };

    it('calls the open try unknown, and tries again under the same id', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 1);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.steps(pushId)).toEqual([
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

    it('sends the newest text when its verdict comes again after an edit, which itself left the try alone', async () => {
      const to = await world.recipient();
      const cause = randomUUID();
      const change = async (pushId: string) => {
        await world.pass(pushId, await world.edited(to, pushId, { body: 'new' }));
        await world.seen(pushId, 'delivery.replaced');
        await world.finished(await world.push(await world.recipient())); // the new text's run has had its chance
        expect(await world.steps(pushId)).toEqual(['decided', 'filed', 'attempted', 'replaced']);
      };
      const pushId = await cutOff(to, 1, change, world.now(), cause);
      const { contentHash } = (await world.store.read('message', pushId))[0]!.event.data as { contentHash: string };
      const event = { type: 'moderation.passed', data: { contentHash, ruleVersion: '1', wechat: 'off', at } } as const;
      await react(pushId, { event, eventId: cause });
      expect(await world.finished(pushId)).toBe('delivered');
      const steps = ['decided', 'filed', 'attempted', 'replaced', 'unknown', 'attempted', 'sent', 'finished'];
      expect(await world.steps(pushId)).toEqual(steps);
      expect(world.shown(to).map(({ id, body }) => [id, body])).toEqual([[pushId, 'new']]);
    });

    it('ends it as unknown when the push has had its day', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 1, undefined, '2026-01-01T00:00:00.000Z');
      expect(await world.finished(pushId)).toBe('failed');
      expect((await world.steps(pushId)).slice(-3)).toEqual(['attempted', 'unknown', 'finished']);
      expect(received(to)).toEqual([]);
    });

    it('leaves what was put off to the clock, also when the verdict comes again', async () => {
      const to = await world.recipient();
      world.phone(to, 'throttled', 1);
      const pushId = await world.push(to);
      await world.deferred(pushId);
      await react(pushId);
      expect((await world.steps(pushId)).at(-1)).toBe('deferred');
      world.passTime(6 * 60_000);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(received(to)).toHaveLength(2);
    });

    it('tries anew what was cut off after its time had come', async () => {
      const to = await world.recipient();
      world.phone(to, 'throttled', 1);
      const pushId = await world.push(to);
      const { number, attemptId, endpointId } = await world.deferred(pushId);
      // As a process leaves it that is killed in the middle of its second try; the next one remembers no refusal.
      const attempt = { attemptId: uuid7(), endpointId, channel: 'bark', dedupeId: pushId, bindingRevision: 0, at };
      await world.harness.restart({}, () =>
        world.append(
          'delivery',
          pushId,
          { type: 'delivery.resumed', data: { endpointId, number, epoch: 1, at } },
          { type: 'delivery.attempted', data: attempt },
        ),
      );
      expect(await world.finished(pushId)).toBe('delivered');
      const types = [
        'attempted',
        'failed',
        'deferred',
        'resumed',
        'attempted',
        'unknown',
        'attempted',
        'sent',
        'finished',
      ];
      expect((await world.steps(pushId)).slice(2)).toEqual(types);
      expect(attemptId).not.toBe(attempt.attemptId);
    });

    it('gives the open try an end also when nothing may be sent any more', async () => {
      const to = await world.recipient();
      const pushId = await cutOff(to, 1, () => unbind(to));
      expect(await world.finished(pushId)).toBe('suppressed: unbound');
      expect((await world.steps(pushId)).slice(-4)).toEqual(['attempted', 'unknown', 'suppressed', 'finished']);
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
      world.phone(to, 'waits');
      const pushId = await world.push(to);
      await until(() => world.asked(to).length, { what: 'the push hangs' });
      const { port } = store;
      await store.close();
      world.release(to);
      // Somebody else's call may leave by that port for the moment.
      store = await until(() => startEventStore({ dataDir, port }), { what: 'the store is back' });
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.steps(pushId)).toEqual(['decided', 'filed', 'attempted', 'sent', 'finished']);
      expect(world.asked(to)).toHaveLength(1);
    } finally {
      await world.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
