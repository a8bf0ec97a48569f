import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { SendResult } from '@hark/channels';
import { aadOf, CreditsReply, deliverySubjects, EndpointTestReply } from '@hark/contracts';
import { SystemClock, uuid7 } from '@hark/kernel';
import { anonymous, refusal, user } from '@hark/testing';
import { EventReceiver } from '@hark/wechat';
import { Credits } from '../credits.service';
import { DeliveryConfig } from '../delivery.config';
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

  describe('by WeChat’s own events', () => {
    const receiver = { appId: 'wxba5fad812f8e6fb9', token: 'theTokenOfThisHub' };
    const aesKey = 'k'.repeat(43);
    const receive = (wechatEvents: EventReceiver | null) =>
      Object.assign(world.service.app.get(DeliveryConfig), { wechatEvents });
    afterAll(() => receive(null));

    const seconds = (offMs = 0) => String(Math.floor((Date.parse(world.now()) + offMs) / 1_000));
    const sign = (...parts: string[]) =>
      createHash('sha1')
        .update([receiver.token, ...parts].sort().join(''))
        .digest('hex');
    const inClear = (event: object, timestamp = seconds()) => ({
      timestamp,
      nonce: '486452656',
      signature: sign(timestamp, '486452656'),
      event,
    });
    const encrypted = (event: object, appId = receiver.appId) => {
      const text = Buffer.from(JSON.stringify(event));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      const plain = Buffer.concat([randomBytes(16), length, text, Buffer.from(appId)]);
      const padding = 32 - (plain.length % 32);
      const key = Buffer.from(`${aesKey}=`, 'base64');
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      const Encrypt = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(padding, padding))]).toString(
        'base64',
      );
      const [timestamp, nonce] = [seconds(), '415670741'];
      const msg_signature = sign(timestamp, nonce, Encrypt);
      return { timestamp, nonce, encrypt_type: 'aes', msg_signature, event: { ToUserName: 'gh_1', Encrypt } };
    };
    const answered = (
      { openid }: Reader,
      Event: string,
      status: string,
      at: number | string,
      template = templateId,
    ) => ({
      ToUserName: 'gh_1',
      FromUserName: openid,
      CreateTime: at,
      MsgType: 'event',
      Event,
      List: { TemplateId: template, SubscribeStatusString: status, PopupScene: '0' },
    });
    const push = async (pushed: object) =>
      (await world.ask<string>(deliverySubjects.takeWechatEvent, pushed, { caller: anonymous })).body;
    const refused = (pushed: object) => refusal(push(pushed));
    /** Somebody whom WeChat calls by their openid: the log says whose log-in it is. */
    const known = async (): Promise<Reader> => {
      const one = await reader();
      const identity = world.vault.lookupId('wechat', one.openid);
      await world.append('identity', identity, { type: 'identity.linked', data: { userId: one.personId, at } });
      return one;
    };
    const left = (one: Reader) => report(one, 'filter');

    it('they come once for each answer, however often it is told, beside what the client tells; and go', async () => {
      receive(receiver);
      const ann = await known();
      const accepted = answered(ann, 'subscribe_msg_popup_event', 'accept', '1763774400');
      for (const _ of [1, 2]) expect(await push(inClear(accepted))).toBe('success');
      expect(await left(ann)).toBe(1);
      expect(await report(ann, 'accept')).toBe(1);
      expect(await report(ann, 'accept')).toBe(2);
      const { List } = accepted;
      const several = { ...answered(ann, 'subscribe_msg_popup_event', '', 1763774405), List: [List, List] };
      await push(inClear(several));
      expect(await left(ann)).toBe(2);
      const off = answered(ann, 'subscribe_msg_change_event', 'reject', 1763774410);
      await push(inClear(off));
      expect(await left(ann)).toBe(0);
      await push(inClear(answered(ann, 'subscribe_msg_popup_event', 'accept', 1763774420)));
      await push(inClear(off));
      expect(await left(ann)).toBe(1);
      for (const event of [
        answered(ann, 'subscribe_msg_popup_event', 'reject', 1763774430),
        answered(ann, 'subscribe_msg_popup_event', 'accept', 1763774431, 'ANOTHER_TEMPLATE'),
        answered({ ...ann, openid: 'nobody' }, 'subscribe_msg_popup_event', 'accept', 1763774432),
        {
          ...answered(ann, 'subscribe_msg_sent_event', '', 1763774433),
          List: { ...List, MsgID: '2097683633284153344' },
        },
        { MsgType: 'text', Content: 'hello' },
      ])
        expect(await push(inClear(event))).toBe('success');
      expect(await left(ann)).toBe(1);
    });

    it('only where they are WeChat’s, of now, and encrypted where the hub has a key; else nothing is counted', () =>
      // Five minutes and a second ahead stay that, however slow the machine.
      world.whileTimeStands(onlyOfNow));
    const onlyOfNow = async () => {
      const ben = await known();
      const event = answered(ben, 'subscribe_msg_popup_event', 'accept', 1763774400);
      const good = inClear(event);
      receive(null);
      expect(await refused(good)).toBe('route.unknown');
      receive(receiver);
      for (const wrong of [
        { ...good, signature: 'f'.repeat(40) },
        { ...good, signature: undefined },
        { ...good, nonce: '1' },
        inClear(event, seconds(-301_000)),
        inClear(event, seconds(302_000)),
        inClear(event, 'now'),
      ])
        expect(await refused(wrong)).toBe('wechat.event-unsigned');
      receive({ ...receiver, aesKey });
      const safe = encrypted(event);
      for (const wrong of [
        good,
        { ...safe, msg_signature: 'f'.repeat(40) },
        { ...safe, event: encrypted(event).event },
        encrypted(event, 'wx0000000000000000'),
        { ...good, msg_signature: sign(good.timestamp, good.nonce, ''), event: {} },
      ])
        expect(await refused(wrong)).toBe('wechat.event-unsigned');
      expect(await left(ben)).toBe(0);
      await push(safe);
      expect(await left(ben)).toBe(1);
    };

    it('and the address is checked by a text that comes back', async () => {
      const { timestamp, nonce, signature } = inClear({});
      const check = (more: object) =>
        world.ask<string>(deliverySubjects.checkWechatUrl, { timestamp, nonce, signature, echostr: '4375', ...more });
      expect((await check({})).body).toBe('4375');
      expect(await refusal(check({ nonce: '1' }))).toBe('wechat.event-unsigned');
      receive(null);
      expect(await refusal(check({}))).toBe('route.unknown');
    });
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
