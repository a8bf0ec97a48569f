import { MessageEvent } from '@hark/contracts';
import { FixedClock, plusMs, uuid5 } from '@hark/kernel';
import { Due } from '@hark/readmodel';
import { until } from '@hark/testing';
import { MessageStore } from '../message.store';
import { Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';
import { IntakeSchedule } from './intake.schedule';
import { placesPerSecond } from './on-time-places';

const weekMs = 7 * 24 * 3_600_000;
const hourMs = 3_600_000;

describe('pushes in time', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  let ann: Bound;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
    ann = await world.bind(app);
  });
  afterAll(() => world.close());

  const push = (times: object, meta = {}) => world.push({ credential: ann.key, body: 'x', ...times }, meta);
  const types = async (pushId: string) =>
    (await world.events<MessageEvent>('message', pushId)).map(({ type }) => type.replace('message.', ''));
  const happened = (pushId: string, type: string) =>
    until(async () => (await types(pushId)).includes(type), { what: `the push has ${type}` });
  const statusOf = async (id: string) => (await world.get({ credential: ann.key, pushId: id })).body.status;
  const ahead = (ms: number) => plusMs(world.now(), ms);
  const dueOf = (id: string, epoch: number, revision?: number): Omit<Due, 'dueAt'> => ({
    ...{ key: id, task: 'fire', data: { pushId: id, number: 1, revision }, epoch },
    context: { commandId: uuid5(id, 'fire'), requestId: id, correlationId: id, causationId: id },
  });

  it('fire once, after a week and a restart, and not before; those taken back do not', async () => {
    const sendAt = ahead(weekMs);
    const { body } = await push({ sendAt });
    const taken = (await push({ sendAt })).body.id;
    expect(body.status).toBe('scheduled');
    expect(await statusOf(body.id)).toBe('scheduled');
    await world.recall(ann.key, taken);
    await world.recall(ann.key, taken);
    await until(async () => (await statusOf(taken)) === 'recalled', { what: 'the row tells' });

    await world.harness.restart();
    world.passTime(weekMs - hourMs);
    // At its time to the millisecond, however slow the machine.
    const sooner = await world.whileTimeStands(async () => {
      const { id } = (await push({ sendAt: ahead(hourMs / 4) })).body;
      world.passTime(hourMs / 4);
      await happened(id, 'fired');
      return id;
    });
    expect(await types(body.id)).toEqual(['pushed', 'scheduled']);

    world.passTime(hourMs);
    await happened(body.id, 'fired');
    await until(async () => (await statusOf(body.id)) === 'moderating', { what: 'the row tells' });
    const { timeline } = (await world.get({ credential: ann.key, pushId: body.id })).body;
    expect(timeline.find(({ event }) => event === 'message.scheduled')).toMatchObject({ sendAt });
    expect(await types(taken)).toEqual(['pushed', 'scheduled', 'recalled']);
    const fired = (await world.events<MessageEvent>('message', body.id)).filter(({ type }) => type === 'message.fired');
    expect(fired).toHaveLength(1);
    expect(fired[0]!.data.at >= sendAt).toBe(true);
    // The quarter of an hour that passed for the other one makes it late.
    const onTime = async (id: string) =>
      (await world.events<MessageEvent>('message', id)).map(({ data }) => 'onTime' in data);
    expect(await onTime(sooner)).toEqual([false, false, true]);
    expect(await onTime(body.id)).toEqual([false, false, false]);
  });

  it('fire once, whichever leader comes late: one that lost its lease while it stood still, and a row that is behind', async () => {
    const sendAt = ahead(hourMs);
    const { id } = (await push({ sendAt })).body;
    const schedule = world.service.app.get(IntakeSchedule);
    const due = (epoch: number, revision?: number): Due => ({ ...dueOf(id, epoch, revision), dueAt: sendAt });
    await schedule.fire(due(9, 1));
    expect(await types(id)).toEqual(['pushed', 'scheduled']);
    world.passTime(hourMs);
    await Promise.all([
      schedule.fire(due(9, 1)),
      schedule.fire(due(7, 1)),
      schedule.fire(due(7)),
      schedule.fire(due(7, 0)),
    ]);
    expect((await types(id)).filter((type) => type === 'fired')).toHaveLength(1);
    const edited = (await push({ sendAt: ahead(hourMs) })).body.id;
    await world.edit(ann.key, edited, { body: 'y', sendAt: ahead(2 * hourMs) });
    world.passTime(hourMs);
    await schedule.fire({ ...due(7, 1), key: edited, data: { pushId: edited, number: 1, revision: 1 } });
    expect(await types(edited)).not.toContain('fired');
  });

  it('are a crowd where very many are due in one second: only the first of them are delivered as on time', async () => {
    const at = world.now();
    const schedule = new IntakeSchedule(world.service.app.get(MessageStore), new FixedClock(at));
    const sendAt = ahead(hourMs);
    const pushed = await Promise.all(Array.from({ length: placesPerSecond + 6 }, () => push({ sendAt })));
    for (const { body } of pushed) await schedule.fire({ ...dueOf(body.id, 7, 1), dueAt: at });
    const events = await Promise.all(pushed.map(({ body }) => world.events<MessageEvent>('message', body.id)));
    const fired = events.flatMap((all) => all.flatMap(({ type, data }) => (type === 'message.fired' ? [data] : [])));
    expect(fired).toHaveLength(placesPerSecond + 6);
    expect(fired.filter(({ onTime }) => onTime)).toHaveLength(placesPerSecond);
  });

  it('are over at their time when nothing has become of them', async () => {
    const { id } = (await push({ expiresAt: ahead(hourMs) })).body;
    world.passTime(hourMs);
    await happened(id, 'expired');
    await until(async () => (await statusOf(id)) === 'expired', { what: 'the row tells' });
  });

  it('are one push under one key, also when their time is over by then', async () => {
    const meta = { commandId: '01936f00-0000-7000-8000-000000000001', requestHash: 'a'.repeat(64) };
    const times = { sendAt: ahead(hourMs), expiresAt: ahead(2 * hourMs) };
    const first = await push(times, meta);
    world.passTime(3 * hourMs);
    const again = await push(times, meta);
    expect(again.body).toEqual(first.body);
    expect(again.replayed).toBe(true);
  });

  it('keep how often they are said again', async () => {
    const { id } = (await push({ repeat: { every: 'PT1H30M', times: 6, until: 'acknowledged' } })).body;
    expect((await world.events<MessageEvent>('message', id))[0]!.data).toMatchObject({
      repeat: { everyMs: 90 * 60_000, times: 6 },
    });
  });

  it('may be late by what clocks differ, and not further ahead than a year', async () => {
    expect((await push({ sendAt: ahead(-30_000) })).body.status).toBe('accepted');
    const wrong = async (times: object) => {
      const [error] = await Promise.allSettled([push(times)]);
      expect(error).toMatchObject({
        reason: { code: 'request.invalid', detail: { errors: [{ path: expect.anything() as string }] } },
      });
    };
    await wrong({ sendAt: ahead(-90_000) });
    await wrong({ sendAt: ahead(367 * 24 * hourMs) });
    await wrong({ repeat: { every: 'PT59S', times: 1 } });
    await wrong({ repeat: { every: 'PT10M', times: 51 } });
    await wrong({ expiresAt: ahead(-1) });
    await wrong({ sendAt: ahead(hourMs), expiresAt: ahead(hourMs) });
  });
});
