import { until } from '@hark/testing';
import { lookFreshMs } from '../consent.store';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const minute = 60_000;

describe('trying to reach an endpoint', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterEach(() => world.configure());
  afterAll(() => world.close());

  const received = (to: Recipient) => world.asked(to);
  const unbind = (to: Recipient) =>
    world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
  /** Minutes between a deferral and the time it names. */
  const waitOf = (deferral: { at: string; retryAt: string }) =>
    (Date.parse(deferral.retryAt) - Date.parse(deferral.at)) / minute;
  const expectAbout = (minutes: number, wanted: number) => {
    expect(minutes).toBeGreaterThanOrEqual(wanted);
    expect(minutes).toBeLessThanOrEqual(wanted * 1.1 + 0.001);
  };

  describe('that is one of several in turn', () => {
    const rank = (to: Recipient, endpointId: string, place: number) =>
      world.append('user', to.personId, { type: 'user.endpoint-ranked', data: { endpointId, rank: place, at } });

    it('sends through the next only what the one before did not take, once', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      await rank(to, to.mailbox, 2);
      await rank(to, to.phone, 1);
      const taken = await world.push(to);
      expect(await world.finished(taken)).toBe('delivered');
      expect([received(to).length, world.mailsTo(to).length]).toEqual([1, 0]);
      expect(await world.seen(taken, 'delivery.suppressed')).toMatchObject({ channel: 'email', reason: 'not-needed' });
      world.phone(to, 'hiccup');
      const passedOn = await world.push(to);
      expect(await world.finished(passedOn)).toBe('delivered');
      expect([received(to).length, world.mailsTo(to).length]).toEqual([2, 1]);
      expect(await world.seen(passedOn, 'delivery.failed')).toMatchObject({ channel: 'bark', final: true });
    });
  });

  describe('that may have changed hands', () => {
    it('is gone when it signed its answers and does so no longer: nothing more is sent there', async () => {
      const to = await world.recipient();
      const signs = { endpointId: to.phone, by: 'answer' as const, at };
      await world.append('user', to.personId, { type: 'user.endpoint-verified', data: signs });
      const pushId = await world.push(to);
      const failed = { class: 'RECIPIENT_GONE', reason: 'owner-changed', final: true };
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject(failed);
      await world.finished(await world.push(to));
      expect(received(to)).toHaveLength(1);
    });

    it('lets the mailbox’s server say so, which is told since when it is its person’s', async () => {
      const to = await world.recipient({ endpoints: ['mailbox'] });
      expect(await world.finished(await world.push(to))).toBe('delivered');
      const since = world.mailsTo(to)[0]!.headers['require-recipient-valid-since'];
      expect(since).toContain('Sun, 22 Nov 2026 09:00:00 +0000');
      world.refuseMail(to, 550, '5.7.17 Mailbox owner has changed', 1);
      const failed = { class: 'RECIPIENT_GONE', reason: 'owner-changed' };
      expect(await world.seen(await world.push(to), 'delivery.failed')).toMatchObject(failed);
    });
  });

  describe('that answers', () => {
    it('tries a hiccup again within seconds, then at the times of the schedule, and delivers', async () => {
      const to = await world.recipient();
      world.phone(to, 'hiccup', 2);
      const pushId = await world.push(to);
      const first = await world.deferred(pushId);
      expect(first).toMatchObject({ number: 1, reason: 'TRANSIENT', channel: 'bark' });
      expectAbout(waitOf(first), 5 / 60);
      world.passTime(6_000);
      const second = await world.deferred(pushId, 2);
      expectAbout(waitOf(second), 5);
      world.passTime(5.5 * minute);
      expect(await world.finished(pushId)).toBe('delivered');
      const again = ['attempted', 'failed', 'deferred', 'resumed'];
      expect(await world.steps(pushId)).toEqual([
        'decided',
        'filed',
        ...again,
        ...again,
        'attempted',
        'sent',
        'finished',
      ]);
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'TRANSIENT', final: false });
      expect(received(to).map(({ id }) => id)).toEqual([pushId, pushId, pushId]);
      // Whoever fired it had the lease of that epoch.
      expect((await world.seen(pushId, 'delivery.resumed')).epoch).toBeGreaterThan(Date.parse('2020-01-01'));
    });

    const refusals: [string, number, string, number][] = [
      ['a greylisting', 451, '4.7.1 Greylisting in effect, please come back later', 5],
      ['a mailbox in use', 450, '4.2.1 mailbox busy', 5],
      ['a frequency limit that comes as 550', 550, 'Mail rejected, frequency limited', 30],
    ];
    it.each(refusals)('puts %s off, and delivers when the server relents', async (_, status, text, minutes) => {
      const to = await world.recipient({ endpoints: ['mailbox'] });
      world.refuseMail(to, status, text, 1);
      const pushId = await world.push(to);
      expectAbout(waitOf(await world.deferred(pushId)), minutes);
      world.passTime((minutes / 2) * minute);
      // Somebody else's push goes all the way meanwhile: this one's time has not come.
      expect(await world.finished(await world.push(await world.recipient()))).toBe('delivered');
      expect(world.mailTries(to)).toBe(1);
      world.passTime((minutes / 2) * minute + minute);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(world.mailTries(to)).toBe(2);
      expect(world.mailsTo(to)).toHaveLength(1);
    });

    it('comes back to a server that throttles after 5 min, 30 min, then hourly, for a day and no longer', async () => {
      const to = await world.recipient();
      world.phone(to, 'throttled');
      const pushId = await world.push(to);
      for (const [index, minutes] of [5, 30, 60, 60].entries()) {
        expectAbout(waitOf(await world.deferred(pushId, index + 1)), minutes);
        expect(received(to)).toHaveLength(index + 1);
        world.passTime(minutes * 1.1 * minute);
      }
      await world.deferred(pushId, 5);
      world.passTime(24 * 60 * minute);
      expect(await world.finished(pushId)).toBe('failed');
      expect(received(to)).toHaveLength(6);
      const inbox = async () => (await world.inbox(to.personId)).body.items.some(({ id }) => id === pushId);
      await until(inbox, { what: 'the push is in the inbox' });
    });

    it('asks a mailbox that refuses like for one mail, however many there are for it, and sends all when it relents', async () => {
      const to = await world.recipient({ endpoints: ['mailbox'] });
      world.refuseMail(to, 451, '4.7.1 Greylisting in effect', 2);
      const first = await world.push(to);
      await world.deferred(first);
      const others = await Promise.all(Array.from({ length: 6 }, () => world.push(to)));
      for (const pushId of others) expect(await world.deferred(pushId)).toMatchObject({ reason: 'busy' });
      expect(world.mailTries(to)).toBe(1);
      // Its time has come: one of them finds out that it refuses still, and the others wait another half an hour for it.
      world.passTime(11 * minute);
      await until(() => world.mailTries(to) === 2, { what: 'one mail is tried' });
      const pushes = [first, ...others];
      const waiting = world.hurried(async () =>
        (await Promise.all(pushes.map((id) => world.story(id)))).every(
          (story) =>
            story.at(-1)?.type === 'delivery.deferred' &&
            Date.parse((story.at(-1)!.data as { retryAt: string }).retryAt) - Date.parse(world.now()) > 20 * minute,
        ),
      );
      await until(waiting, { what: 'all of them wait again' });
      expect(world.mailTries(to)).toBe(2);
      world.passTime(40 * minute);
      const done = world.hurried(async () =>
        (await Promise.all(pushes.map((id) => world.steps(id)))).every((types) => types.at(-1) === 'finished'),
      );
      await until(done, { what: 'all of them are delivered' });
      expect(new Set(await Promise.all(pushes.map((id) => world.finished(id))))).toEqual(new Set(['delivered']));
      expect(world.mailsTo(to)).toHaveLength(7);
      expect(world.mailTries(to)).toBe(9);
    });

    it('takes up what was put off before a restart', async () => {
      const to = await world.recipient();
      world.phone(to, 'throttled', 1);
      const pushId = await world.push(to);
      const { retryAt } = await world.deferred(pushId);
      await world.harness.restart();
      world.passTime(Date.parse(retryAt) - Date.now() + 1_000); // the service that has just started tells the true time
      expect(await world.finished(pushId)).toBe('delivered');
      expect(received(to)).toHaveLength(2);
    });

    it('does not repeat what can never work', async () => {
      const to = await world.recipient();
      world.phone(to, 'gone');
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('failed');
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'RECIPIENT_GONE', final: true });
      expect(received(to)).toHaveLength(1);
    });

    it('stops asking at the first word that a device is gone, however many pushes are on their way', async () => {
      const to = await world.recipient();
      world.phone(to, 'gone');
      const pushes = await Promise.all(Array.from({ length: 40 }, () => world.push(to)));
      const outcomes = await Promise.all(
        pushes.map(async (id) => {
          await until(async () => (await world.steps(id)).some((type) => type === 'finished' || type === 'deferred'), {
            what: 'it has been tried or put off',
          });
          return (await world.steps(id)).includes('finished');
        }),
      );
      expect(outcomes.filter(Boolean).length).toBeGreaterThan(0);
      world.passTime(5_000);
      const ends = new Set(await Promise.all(pushes.map((id) => world.finished(id))));
      expect([...ends].every((end) => end === 'failed' || end === 'inbox-only: no-channel')).toBe(true);
      // Those that were under way together when the first answer came; no more.
      expect(received(to).length).toBeLessThanOrEqual(8);
    });

    it('follows no redirect, and says that there was one', async () => {
      const to = await world.recipient();
      world.phone(to, 'moved');
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('failed');
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ reason: 'redirected', final: true });
      expect(received(to)).toHaveLength(1);
    });
  });

  describe('when the provider refuses the hub itself', () => {
    const metric = async (name: string) => {
      const text = await (await fetch(`${world.harness.service.healthUrl}/metrics`)).text();
      return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(text)?.[1]);
    };

    const ready = async () => {
      const answer = await fetch(`${world.harness.service.healthUrl}/readyz`);
      return [answer.status, await answer.text()];
    };

    it('tells the operator, and puts off what it could not send until that is mended', async () => {
      const to = await world.recipient({ endpoints: ['mailbox'] });
      world.refuseMail(to, 550, '5.7.1 sender not allowed');
      const pushId = await world.push(to);
      expect(await world.deferred(pushId)).toMatchObject({ reason: 'hub-refused' });
      expect(await world.seen(pushId, 'delivery.failed')).toMatchObject({ class: 'CONFIG', final: false });
      expect(await metric('hark_hub_refusing_channels')).toBe(1);
      expect(await metric('hark_hub_refused_total')).toBe(1);
      expect(await ready()).toEqual([200, 'ok, without: email (its provider refuses the hub)']);
      // A wrong log-in is not shown again and again to a provider that may shut the hub out for it.
      const other = await world.recipient({ endpoints: ['mailbox'] });
      const second = await world.push(other);
      expect(await world.deferred(second)).toMatchObject({ reason: 'busy' });
      expect(await metric('hark_hub_refused_total')).toBe(1);
      world.takeMail(to);
      world.passTime(6 * minute);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.finished(second)).toBe('delivered');
      expect(await metric('hark_hub_refusing_channels')).toBe(0);
      expect(await ready()).toEqual([200, 'ok']);
    });
  });

  describe('that does not answer', () => {
    it('calls it unknown, and repeats it with the same id', async () => {
      world.configure({ sendMs: 1_500 });
      const to = await world.recipient();
      world.phone(to, 'hang', 1);
      const pushId = await world.push(to);
      expect(await world.deferred(pushId)).toMatchObject({ reason: 'UNKNOWN_OUTCOME' });
      world.configure();
      world.passTime(6_000);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.seen(pushId, 'delivery.unknown')).toMatchObject({ class: 'UNKNOWN_OUTCOME', final: false });
      expect(received(to).map(({ id }) => id)).toEqual([pushId, pushId]);
      const ids = (await world.story(pushId)).flatMap(({ type, data }) =>
        type === 'delivery.attempted' ? [data.attemptId] : [],
      );
      expect(new Set(ids).size).toBe(2);
    });

    it('holds up neither the other endpoint nor anybody else, and no more slots than its share', async () => {
      const app = await world.app();
      const slow = await world.recipient({ app, endpoints: ['phone', 'mailbox'] });
      world.phone(slow, 'waits');
      const pushes = await Promise.all(Array.from({ length: 20 }, () => world.push(slow)));
      await until(() => received(slow).length === 8, { what: 'eight of the pushes hang' });
      const others = await Promise.all(Array.from({ length: 10 }, () => world.recipient({ app })));
      const theirs = await Promise.all(others.map((to) => world.push(to)));
      expect(new Set(await Promise.all(theirs.map((id) => world.finished(id))))).toEqual(new Set(['delivered']));
      const noRoom = async () =>
        (await Promise.all(pushes.map((id) => world.story(id))))
          .flat()
          .filter(({ type, data }) => type === 'delivery.deferred' && data.reason === 'busy' && data.channel === 'bark')
          .length;
      await until(async () => (await noRoom()) >= 12, { what: 'the others found no room' });
      world.release(slow);
      const ends = world.hurried(async () =>
        (await Promise.all(pushes.map((id) => world.steps(id)))).every((types) => types.includes('finished')),
      );
      await until(ends, { what: 'all of them come to their end' });
      expect(new Set(await Promise.all(pushes.map((id) => world.finished(id))))).toEqual(new Set(['delivered']));
      expect(new Set(received(slow).map(({ id }) => id))).toEqual(new Set(pushes));
      expect(world.mailsTo(slow)).toHaveLength(20);
    });
  });

  describe('when things change between two tries', () => {
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
    it('looks through the gate again, and sends nothing more', async () => {
      const waiting = await Promise.all(
        changes.map(async ([what, outcome, change]) => {
          const to = await world.recipient();
          world.phone(to, 'throttled', 1);
          const pushId = await world.push(to);
          await world.deferred(pushId);
          await change(to);
          return { to, pushId, what, outcome };
        }),
      );
      world.passTime(6 * minute);
      for (const { to, pushId, what, outcome } of waiting) {
        expect([what, await world.finished(pushId)]).toEqual([what, outcome]);
        expect(received(to)).toHaveLength(1);
        expect((await world.steps(pushId)).slice(-4)).toEqual(['deferred', 'resumed', 'suppressed', 'finished']);
      }
    });

    it('sends nothing on a look at the consent that is older than a second', async () => {
      const app = await world.app();
      const all = await Promise.all(Array.from({ length: 10 }, () => world.recipient({ app })));
      const before = await Promise.all(all.map((to) => world.push(to)));
      await Promise.all(all.map(unbind));
      const after = await Promise.all(all.map((to) => world.push(to)));
      for (const pushId of [...before, ...after]) await world.finished(pushId);
      for (const pushId of after) expect(await world.steps(pushId)).toEqual(['decided', 'finished']);
      for (const [index, to] of all.entries()) for (const { id } of received(to)) expect(id).toBe(before[index]);
      expect(lookFreshMs).toBeLessThanOrEqual(1_000);
    });
  });
});
