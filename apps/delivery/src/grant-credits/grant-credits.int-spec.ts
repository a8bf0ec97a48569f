import { SendResult } from '@hark/channels';
import { aadOf, CreditsReply, deliverySubjects, EndpointTestReply } from '@hark/contracts';
import { SystemClock, uuid7 } from '@hark/kernel';
import { refusal, user } from '@hark/testing';
import { Credits } from '../credits.service';
import { at, DeliveryWorld, hash, Recipient } from '../testing/delivery-world.fixture';

const templateId = 'TEMPLATE_ID_EXAMPLE';

describe('the credits of a WeChat endpoint', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  /** Somebody who is reached through WeChat only. */
  const reader = async (): Promise<Recipient & { readonly endpointId: string; readonly openid: string }> => {
    const to = await world.recipient({ endpoints: [] });
    const [endpointId, openid] = [uuid7(), `o${uuid7().replaceAll('-', '')}`];
    world.wechat.users.exchange(world.wechat.users.mint({ openid }));
    const sealed = await world.vault.seal(
      to.personId,
      JSON.stringify({ templateId, openid }),
      aadOf.address(endpointId),
    );
    await world.append(
      'user',
      to.personId,
      {
        type: 'user.endpoint-added',
        data: { endpointId, kind: 'wechat', address: sealed, addressHash: hash(endpointId), at },
      },
      { type: 'user.endpoint-verified', data: { endpointId, at } },
    );
    return { ...to, endpointId, openid };
  };
  type Reader = Awaited<ReturnType<typeof reader>>;
  const report = async ({ personId, endpointId }: Reader, result: string, template = templateId) =>
    (
      await world.ask<CreditsReply>(
        deliverySubjects.grantCredits,
        { endpointId, results: { [template]: result } },
        { caller: user(personId) },
      )
    ).body.credits;
  const sent = ({ openid }: Reader) => world.wechat.messages.sent.list({ key: openid });

  it('are counted by what the person accepted, spent one a message, and never fewer than none', async () => {
    const ann = await reader();
    expect(await report(ann, 'accept')).toBe(1);
    expect(await report(ann, 'acceptWithAlert')).toBe(2);
    expect(await report(ann, 'reject')).toBe(2);
    expect(await report(ann, 'accept', 'ANOTHER_TEMPLATE')).toBe(2);
    world.wechat.messages.grant(ann.openid, templateId, 9);
    for (const _ of [1, 2]) expect(await world.finished(await world.push(ann))).toBe('delivered');
    expect(sent(ann)[0]!.data).toMatchObject({ thing1: '工单', thing2: '已出发', time3: '2026年11月22日 17:00' });
    const third = await world.push(ann);
    expect(await world.finished(third)).toBe('failed');
    expect(await world.seen(third, 'delivery.failed')).toMatchObject({ class: 'RECIPIENT_REFUSED', final: true });
    expect(sent(ann)).toHaveLength(2);
    expect(await report(ann, 'filter')).toBe(0);
  });

  it('come back when WeChat did not send, and are none when WeChat says so', async () => {
    const ann = await reader();
    for (const _ of [1, 2, 3]) await report(ann, 'accept');
    const test = () =>
      world.ask<EndpointTestReply>(
        deliverySubjects.testEndpoint,
        { endpointId: ann.endpointId },
        { caller: user(ann.personId) },
      );
    expect((await test()).body.outcome).toBe('refused'); // 43101: nothing was ever granted at WeChat
    expect(await report(ann, 'filter')).toBe(0);
    await report(ann, 'accept');
    const credits = world.service.app.get(Credits);
    const busy: SendResult = { is: 'failed', class: 'TRANSIENT', detail: 'errcode -1' };
    expect(await credits.spend({ spendsCredits: true }, ann.endpointId, () => Promise.resolve(busy))).toEqual(busy);
    expect(await report(ann, 'filter')).toBe(1);
    const lost: SendResult = { is: 'unknown', detail: 'timeout' };
    await credits.spend({ spendsCredits: true }, ann.endpointId, () => Promise.resolve(lost));
    expect(await report(ann, 'ban')).toBe(0);
  });

  it('let exactly as many messages leave as there are, of a hundred at once from two processes', async () => {
    const ann = await reader();
    for (let n = 0; n < 10; n += 1) await report(ann, 'accept');
    const replicas = [world.service.app.get(Credits), new Credits(world.store, new SystemClock())];
    let left = 0;
    const send = (): Promise<SendResult> => {
      left += 1;
      return Promise.resolve({ is: 'sent' });
    };
    const count = Number(process.env['HARK_CREDIT_RACES'] ?? 100);
    const races = Array.from({ length: count }, (_, n) =>
      replicas[n % 2]!.spend({ spendsCredits: true }, ann.endpointId, send).catch(() => 'lost the race'),
    );
    await Promise.all(races);
    expect(left).toBe(10);
    expect(await report(ann, 'filter')).toBe(0);
  });

  it('are a person’s own, and only of what is counted', async () => {
    const [ann, ben, phone] = [await reader(), await reader(), await world.recipient()];
    expect(await refusal(report({ ...ann, personId: ben.personId }, 'accept'))).toBe('endpoint.unknown');
    const uncounted = { ...ann, personId: phone.personId, endpointId: phone.phone };
    expect(await refusal(report(uncounted, 'accept'))).toBe('endpoint.no-credits');
  });
});
