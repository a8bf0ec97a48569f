import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const hourMs = 3_600_000;
const repeat = { everyMs: hourMs, times: 2 };
type Pushes = Record<'queued' | 'scheduled' | 'putOff' | 'quiet' | 'digest' | 'repeating' | 'escalating', string>;
type Take = (world: DeliveryWorld, to: Recipient, pushes: Pushes) => Promise<unknown>;

const ofBinding =
  (type: string, data: object = {}): Take =>
  (world, to) =>
    world.append('binding', to.bindingId, { type, data: { ...data, at } });
const ofUser =
  (type: string, data: (to: Recipient) => object): Take =>
  (world, to) =>
    world.append('user', to.personId, { type, data: { ...data(to), at } });
const ofStanding =
  (type: string, data: object): Take =>
  (world, to) =>
    world.append('standing', to.ownerId, { type, data: { ...data, at } });

/** What takes a push's way to the phone from it, and the reason that its sender is told. */
const takings: [string, string, Take][] = [
  ['unbind', 'unbound', ofBinding('binding.unbound', { reason: 'requested' })],
  ['block', 'blocked-by-user', ofBinding('binding.blocked')],
  ['block of the app', 'blocked-by-user', ofUser('user.blocked-app', ({ appId }) => ({ appId }))],
  ['erase', 'person-erased', ofUser('user.erased', () => ({}))],
  ['level none', 'level-none', ofBinding('binding.level-set', { level: 'none' })],
  ['mute', 'muted', ofBinding('binding.muted', { until: null })],
  ['ban', 'app-banned', ofStanding('standing.banned', { confirmedBy: uuid7() })],
  ['suspension', 'app-suspended', ofStanding('standing.suspended', { until: '2099-01-01T00:00:00.000Z' })],
  [
    'recall',
    'recalled',
    (world, _, pushes) =>
      Promise.all(
        Object.values(pushes).map((pushId) =>
          world.append('message', pushId, { type: 'message.recalled', data: { at } }),
        ),
      ),
  ],
];

describe('what takes the way to the phone from pushes', () => {
  let world: DeliveryWorld;
  const cases = new Map<string, { to: Recipient; pushes: Pushes; before: number }>();

  beforeAll(async () => {
    world = await DeliveryWorld.start();
    const sendAt = new Date(Date.parse(world.now()) + hourMs).toISOString();
    const begin = async (name: string) => {
      const to = await world.recipient();
      const now = world.now();
      const repeating = await world.accepted(to, undefined, now, { repeat });
      const escalating = await world.accepted(to, undefined, now, {
        escalate: [{ afterMs: hourMs, openidId: uuid7() }],
      });
      for (const pushId of [repeating, escalating]) {
        await world.pass(pushId);
        await world.finished(pushId);
      }
      // For minutes: what is put off for seconds would be tried again before its way is taken from it.
      world.phone(to, 'throttled', 1);
      const putOff = await world.push(to);
      await world.deferred(putOff);
      await world.append(
        'user',
        to.personId,
        { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
        { type: 'user.quiet-hours-set', data: { quietHours: [quietFor(hourMs / 2)], at } },
      );
      const quiet = await world.push(to);
      expect(await world.seen(quiet, 'delivery.postponed')).toMatchObject({ reason: 'quiet-hours' });
      await world.append(
        'user',
        to.personId,
        { type: 'user.quiet-hours-set', data: { quietHours: [], at } },
        { type: 'user.digest-set', data: { digest: { every: 'day', at: timeOf(hourMs) }, at } },
      );
      const digest = await world.push(to);
      expect(await world.seen(digest, 'delivery.postponed')).toMatchObject({ reason: 'digest' });
      const queued = await world.accepted(to);
      const scheduled = await world.accepted(to, undefined, now, { sendAt });
      await world.pass(scheduled);
      cases.set(name, {
        to,
        pushes: { queued, scheduled, putOff, quiet, digest, repeating, escalating },
        before: world.asked(to).length,
      });
    };
    const timeOf = (passedMs: number) => new Date(Date.parse(world.now()) + passedMs).toISOString().slice(11, 16);
    const quietFor = (ms: number) => {
      return { days: [1, 2, 3, 4, 5, 6, 7], from: timeOf(-6 * hourMs), to: timeOf(ms), mode: 'defer' };
    };
    await Promise.all(takings.map(([name]) => begin(name)));
    await Promise.all(takings.map(([name, , take]) => take(world, cases.get(name)!.to, cases.get(name)!.pushes)));
    world.passTime(2 * hourMs);
    const fired = { type: 'message.fired', data: { number: 1, epoch: 1, at: world.now() } };
    await Promise.all(
      [...cases.values()].map(async ({ pushes }) => {
        await world.pass(pushes.queued);
        await world.append('message', pushes.scheduled, fired);
      }),
    );
  });
  afterAll(() => world.close());

  const reasonOf = async (pushId: string) =>
    until(
      async () => {
        const story = await world.story(pushId);
        const later = story.findLast(
          ({ type }) => type === 'delivery.reminded' || type === 'delivery.follow-up-dropped',
        );
        const end = later ?? story.findLast(({ type }) => type === 'delivery.finished');
        return end && 'reason' in end.data ? end.data.reason : undefined;
      },
      { what: `the end of ${pushId} has a reason` },
    );

  it.each(takings)(
    'is %s, told as %s, for queued, scheduled, put-off, quiet, digested, repeating and escalating ones',
    async (name, reason) => {
      const { to, pushes, before } = cases.get(name)!;
      const { escalating, ...others } = pushes;
      for (const pushId of Object.values(others)) expect(await reasonOf(pushId)).toBe(reason);
      // Who wants to hear nothing has not said that nobody is to know.
      if (reason === 'muted') await world.seen(escalating, 'delivery.escalated');
      else
        expect(await world.seen(escalating, 'delivery.follow-up-dropped')).toMatchObject({ task: 'escalate', reason });
      // A push that is taken back is deleted there, which rings nobody.
      expect(world.asked(to).filter((one) => !('delete' in one))).toHaveLength(before);
    },
  );
});
