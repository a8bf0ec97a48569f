import { DeliveryEvent } from '@hark/contracts';
import { plusMs, uuid5, uuid7 } from '@hark/kernel';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const hourMs = 3_600_000;

describe('a push that came later under the same collapse id stays on the phone', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
    // The tables are asked, however slow the machine: after half a second a push would go out.
    world.configure({ lookMs: 20_000 });
  });
  afterAll(() => world.close());

  const accepted = (to: Recipient, body: string, agoMs = 0) =>
    world.accepted(to, { body, collapseId: 'eta' }, plusMs(world.now(), -agoMs));
  const delivered = async (to: Recipient, body: string) => {
    const pushId = await accepted(to, body);
    await world.pass(pushId);
    expect(await world.finished(pushId)).toBe('delivered');
  };
  const onPhone = (to: Recipient) => world.shown(to).flatMap(({ state, body }) => (state === 'shown' ? [body] : []));
  const quiet = (to: Recipient, isQuiet: boolean) => {
    const time = (ms: number) => plusMs(world.now(), ms).slice(11, 16);
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: time(-hourMs), to: time(hourMs), mode: 'defer' };
    const data = { quietHours: isQuiet ? [hours] : [], at: world.now() };
    return world.append(
      'user',
      to.personId,
      { type: 'user.time-zone-set', data: { timeZone: 'UTC', at: world.now() } },
      { type: 'user.quiet-hours-set', data },
    );
  };

  it('when what came earlier waited for the end of quiet hours: it has rung in vain, wherever', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    await quiet(to, true);
    const old = await accepted(to, '10 min');
    await world.pass(old);
    await world.seen(old, 'delivery.postponed');
    await quiet(to, false);
    await delivered(to, '5 min');
    world.passTime(2 * hourMs);
    expect(await world.finished(old)).toBe('inbox-only: replaced');
    expect(await world.steps(old)).not.toContain('attempted');
    expect(onPhone(to)).toEqual(['5 min']);
    expect(world.mailsTo(to)).toHaveLength(1);
  });

  it('when the verdict on what came earlier took its time', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    const old = await accepted(to, '10 min');
    await delivered(to, '5 min');
    await world.pass(old);
    expect(await world.finished(old)).toBe('inbox-only: replaced');
    expect(await world.steps(old)).toEqual(['decided', 'filed', 'suppressed', 'suppressed', 'finished']);
    expect(onPhone(to)).toEqual(['5 min']);
  });

  it('but what was held back for minutes is placed as new, and shown in its place', async () => {
    const to = await world.recipient();
    const old = await accepted(to, 'approved at last', 5 * 60_000);
    await delivered(to, '5 min');
    await world.pass(old);
    expect(await world.finished(old)).toBe('delivered');
    expect(onPhone(to)).toEqual(['approved at last']);
  });

  it('when the process was killed before the first try of what came earlier', async () => {
    const to = await world.recipient();
    const old = await accepted(to, '10 min');
    const { appId, ownerId, personId, bindingId, phone: endpointId } = to;
    const ids = { appId, ownerId, personId, bindingId };
    const now = world.now();
    const [message] = await world.store.read('message', old);
    const { content } = message!.event.data as { content: string };
    const decided: DeliveryEvent = {
      type: 'delivery.decided',
      data: {
        ...ids,
        ...{ bindingRevision: 0, standingRevision: -1, decision: 'deliver', level: 'strong', muted: false },
        endpoints: [{ endpointId, kind: 'bark' }],
        at: now,
      },
    };
    const attempt = { attemptId: uuid7(), endpointId, channel: 'bark', dedupeId: old, bindingRevision: 0 };
    await world.append(
      'delivery',
      old,
      decided,
      { type: 'delivery.filed', data: { ...ids, content, level: 'strong', pushedAt: now, at: now } },
      { type: 'delivery.attempted', data: { ...attempt, collapseKey: uuid5(bindingId, 'collapse:eta'), at: now } },
    );
    await delivered(to, '5 min');
    await world.pass(old);
    await world.finished(old);
    expect(await world.seen(old, 'delivery.unknown')).toMatchObject({ class: 'interrupted', final: true });
    expect(world.asked(to)).toHaveLength(1);
    expect(onPhone(to)).toEqual(['5 min']);
  });
});
