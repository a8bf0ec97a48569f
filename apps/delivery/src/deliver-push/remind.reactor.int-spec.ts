import { escalatedIdOf } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const everyMs = 10 * 60_000;
const repeat = { everyMs, times: 3 };

describe('reminding until somebody knows', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const repeated = async (
    to: Recipient,
    times: object = {},
    content?: { body: string; actions?: []; collapseId?: string },
  ) => {
    const pushId = await world.accepted(to, content, world.now(), { repeat, ...times });
    await world.pass(pushId);
    await world.seen(pushId, 'delivery.finished');
    return pushId;
  };
  const count = async (pushId: string, step: string) =>
    (await world.steps(pushId)).filter((one) => one === step).length;
  const reminded = (pushId: string, times: number) =>
    until(async () => (await count(pushId, 'finished')) === 1 + times, {
      what: `reminder ${times} of ${pushId} is over`,
    });
  /** Time passes for everybody; another push that becomes due then shows that the schedule has looked. */
  const pass = async (ms: number) => {
    const witness = await repeated(await world.recipient(), { repeat: { everyMs: ms, times: 1 } });
    world.passTime(ms);
    await reminded(witness, 1);
  };
  const asked = (to: Recipient) => world.asked(to).map(({ id }) => id);
  const louder = ({ ownerId, personId }: Recipient) => ({
    type: 'message.edited',
    data: { ownerId, personId, priority: 'high', at: world.now() },
  });

  it('rings again in the place of the earlier one, under an id of its own, as often as was asked', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    const pushId = await repeated(to);
    await pass(everyMs / 2);
    expect(asked(to)).toEqual([pushId]);
    for (const times of [1, 2, 3]) {
      // Its sender makes the last one louder.
      if (times === 3) await world.append('message', pushId, louder(to));
      world.passTime(times === 1 ? everyMs / 2 : everyMs);
      await reminded(pushId, times);
    }
    expect(asked(to)).toEqual([pushId, pushId, pushId, pushId]);
    const [last, ...others] = world.shown(to).filter(({ state }) => state === 'shown');
    expect([last, others]).toMatchObject([{ params: { level: 'timeSensitive' } }, []]);
    const mails = world.mailsTo(to).map((mail) => (mail as { messageId?: string }).messageId);
    expect(mails).toHaveLength(4);
    expect(new Set(mails).size).toBe(4);
    await pass(2 * everyMs);
    expect(asked(to)).toHaveLength(4);
    expect(await count(pushId, 'filed')).toBe(1);
    expect((await world.inbox(to.personId)).body).toMatchObject({ items: [{ id: pushId }], unread: 1 });
  });

  it('leaves a newer push of the same collapse id on the phone and is shown beside it', async () => {
    const to = await world.recipient();
    const pushId = await repeated(to, {}, { body: 'old', collapseId: 'eta' });
    const newer = await world.accepted(to, { body: 'new', collapseId: 'eta' }, world.now());
    await world.pass(newer);
    await world.finished(newer);
    for (const times of [1, 2]) {
      world.passTime(everyMs);
      await reminded(pushId, times);
      const shown = world.shown(to).filter(({ state }) => state === 'shown');
      expect(shown.map(({ body }) => body).sort()).toEqual(['new', 'old']);
    }
  });

  it('ends at once when somebody acknowledges or presses a button; reading does not end it', async () => {
    const [reader, knower, presser] = [await world.recipient(), await world.recipient(), await world.recipient()];
    const content = { body: 'x', actions: [{ id: 'ok', label: '知道了' }] as never };
    const ids = [await repeated(reader), await repeated(knower), await repeated(presser, {}, content)] as const;
    await world.mark('read', reader.personId, ids[0]);
    await world.mark('acknowledge', knower.personId, ids[1]);
    await world.act(presser.personId, ids[2], 'ok');
    world.passTime(everyMs);
    await reminded(ids[0], 1);
    for (const pushId of ids.slice(1)) {
      await world.seen(pushId, 'delivery.acknowledged');
      expect(await world.seen(pushId, 'delivery.follow-up-dropped')).toMatchObject({ reason: 'acknowledged' });
    }
    expect([knower, presser].map((one) => asked(one).length)).toEqual([1, 1]);
  });

  it('asks the gate each time, and catches up once after an outage', async () => {
    const [quiet, gone] = [await world.recipient(), await world.recipient()];
    const [muted, unbound] = [await repeated(quiet), await repeated(gone)];
    const at = world.now();
    await world.append('binding', quiet.bindingId, { type: 'binding.muted', data: { until: null, at } });
    await world.append('binding', gone.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
    world.passTime(2 * everyMs + 1);
    expect(await world.seen(muted, 'delivery.reminded')).toMatchObject({
      number: 2,
      decision: 'file-only',
      reason: 'muted',
      muted: true,
    });
    expect(await world.seen(unbound, 'delivery.follow-up-dropped')).toMatchObject({ number: 1, reason: 'unbound' });
    await world.append('binding', quiet.bindingId, { type: 'binding.unmuted', data: { at: world.now() } });
    world.passTime(everyMs);
    await reminded(muted, 1);
    expect([asked(quiet).length, asked(gone).length]).toEqual([2, 1]);
    expect(await count(muted, 'reminded')).toBe(2);
  });

  it('goes to the next person when nobody knows, and ends for everybody once one of them does', async () => {
    const [worker, supervisor, chief] = [await world.recipient(), await world.recipient(), await world.recipient()];
    const openids = [uuid7(), uuid7()];
    const escalate = openids.map((openidId, index) => ({ afterMs: 15 * 60_000 * (index + 1), openidId }));
    const pushId = await repeated(worker, { escalate });
    world.passTime(15 * 60_000);
    expect(await world.seen(pushId, 'delivery.escalated')).toMatchObject({ number: 1, openidId: openids[0] });
    await reminded(pushId, 1);
    // As intake pushes it on.
    const from = { id: escalatedIdOf(pushId, 1), escalatedFrom: pushId };
    const second = await world.accepted(supervisor, undefined, world.now(), from);
    await world.pass(second);
    await world.finished(second);
    const before = asked(worker).length;
    await world.mark('acknowledge', supervisor.personId, second);
    expect(await world.seen(pushId, 'delivery.acknowledged')).toMatchObject({ inboxItemId: second });
    await pass(60 * 60_000);
    expect(await count(pushId, 'escalated')).toBe(1);
    expect([asked(worker).length, asked(supervisor).length, asked(chief).length]).toEqual([before, 1, 0]);
  });
});
