import { MessageEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

const sendAt = plusMs(at, 3_600_000);
const fired: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 1, at: sendAt } };
const recalled: MessageEvent = { type: 'message.recalled', data: { at: sendAt } };

describe('delivering a push that waited for its time', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
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

  it('files and sends it when its time has come, and not with its verdict', async () => {
    const to = await world.recipient();
    const pushId = await waiting(to);
    await world.append('message', pushId, fired);
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
});
