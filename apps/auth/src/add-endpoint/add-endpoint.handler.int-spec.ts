import { authSubjects, EndpointView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { idempotent, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const dayMs = 24 * 3_600_000;

describe('endpoints of a person', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let users = 0;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    ann = await auth.somebody(`person-${users++}`);
  });

  const add = (user: Somebody, asked: object, meta = {}) =>
    user.ask<EndpointView>(authSubjects.addEndpoint, asked, meta);
  const bark = (deviceKey: string) => ({ kind: 'bark', deviceKey });
  const codeOf = (deviceKey: string, nth = 1) =>
    until(
      () => {
        return /\d{6}/.exec(String(auth.pushesOf(deviceKey)[nth - 1]?.body))?.[0];
      },
      { what: `challenge ${nth} at ${deviceKey}` },
    );
  const verify = (user: Somebody, endpointId: string, code: string) =>
    user.ask<EndpointView>(authSubjects.verifyEndpoint, { endpointId, code });

  it('get a code through a Bark device, and are verified by it', async () => {
    const { body, position } = await add(ann, bark('DeviceKeyOfAnn1'));
    expect(body).toMatchObject({ kind: 'bark', status: 'unverified', fields: { deviceKey: expect.any(String) } });
    expect(body.challengeExpiresAt! > body.addedAt).toBe(true);
    expect(JSON.stringify(body)).not.toContain('DeviceKeyOfAnn1');
    expect(position).toMatch(/-user$/);
    const code = await codeOf('DeviceKeyOfAnn1');
    const verified = await verify(ann, body.id, ` ${code} `);
    expect(verified.body).toMatchObject({ id: body.id, status: 'verified' });
    expect(verified.body).not.toHaveProperty('challengeExpiresAt');
    expect((await verify(ann, body.id, '000000')).body.status).toBe('verified');
    const stored = JSON.stringify(
      (await auth.service.app.get(EventStore).read('user', ann.id)).map(({ event }) => event),
    );
    expect(stored).not.toContain('DeviceKeyOfAnn1');
    expect(stored).not.toContain(`"${code}"`);
  });

  it('get a code by mail, and are verified by it', async () => {
    const { body } = await add(ann, { kind: 'email', address: 'Ann@Mail.Example' });
    expect(JSON.stringify(body.fields)).not.toContain('Ann@');
    const mail = await until(() => auth.mailsTo('Ann@mail.example')[0], { what: 'the mail' });
    expect(mail.headers.to).toBe('Ann@mail.example');
    const code = /\d{6}/.exec(mail.text)![0];
    expect((await verify(ann, body.id, code)).body.status).toBe('verified');
  });

  it('get a code as a WeChat reminder, at the openid they log in with and no other', async () => {
    const openid = `person-${users - 1}`;
    auth.outside.wechat.messages.grant(openid, 'TEMPLATE_ID_EXAMPLE', 1);
    const asked = { kind: 'wechat', templateId: 'TEMPLATE_ID_EXAMPLE' };
    expect(await ann.refusal(authSubjects.addEndpoint, { ...asked, openid: 'person-0' })).toBe('request.invalid');
    const { body } = await add(ann, asked);
    expect(body).toMatchObject({ kind: 'wechat', fields: { templateId: 'TEMPLATE_ID_EXAMPLE' } });
    expect(JSON.stringify(body)).not.toContain(openid);
    const sent = () => auth.outside.wechat.messages.sent.list({ key: openid })[0];
    const { data } = await until(sent, { what: 'the reminder' });
    const code = /\d{6}/.exec(data['thing1']!)![0];
    expect((await verify(ann, body.id, code)).body).toMatchObject({ status: 'verified' });
  });

  it('share three codes an address and day among all people', async () => {
    const ben = await auth.somebody(`person-${users++}`);
    const shared = bark('SharedDeviceKey');
    await add(ann, shared);
    await add(ben, shared);
    await add(ann, shared);
    expect(await ben.refusal(authSubjects.addEndpoint, shared)).toBe('endpoint.too-many-challenges');
    const written = { kind: 'bark', deviceKey: `${auth.harness.env.BARK_BASE_URL}/SharedDeviceKey/hello` };
    expect(await ann.refusal(authSubjects.addEndpoint, written)).toBe('endpoint.codes-spent');
    auth.passTime(dayMs);
    await add(ben, shared);
  });

  it('get three codes a mailbox of all strangers, two of one, however its address is written, sent as it was typed', async () => {
    const ben = await auth.somebody(`person-${users++}`);
    const mailOf = (address: string) => ({ kind: 'email', address });
    await add(ann, mailOf('victim@corp.example'));
    await add(ann, mailOf('victim+a@corp.example'));
    expect(await ann.refusal(authSubjects.addEndpoint, mailOf('victim+b@corp.example'))).toBe('endpoint.codes-spent');
    await until(() => auth.mailsTo('victim+a@corp.example')[0], { what: 'the tagged mail' });
    await add(ben, mailOf('Victim+c@corp.example')); // one is left for whoever it really is
    expect(await ben.refusal(authSubjects.addEndpoint, mailOf('victim+d@corp.example'))).toBe(
      'endpoint.too-many-challenges',
    );
    await add(ann, mailOf('v.ictim@gmail.com'));
    await add(ann, mailOf('vi.ctim+x@gmail.com'));
    await add(ben, mailOf('victim@googlemail.com'));
    await expect(ben.ask(authSubjects.addEndpoint, mailOf('victim@gmail.com'))).rejects.toMatchObject({
      code: 'endpoint.too-many-challenges',
      detail: { extra: { max: 3, retryAfter: expect.any(Number) } },
    });
  });

  it('get five codes a domain and thirty in all by one account, and what was refused is not counted', async () => {
    const at = (n: number, domain: string) => ({ kind: 'email', address: `person${n}@${domain}` });
    for (let n = 0; n < 5; n += 1) await add(ann, at(n, `sub${n}.catch-all.example`));
    const refusal = (asked: object) => ann.refusal(authSubjects.addEndpoint, asked);
    for (let n = 5; n < 15; n += 1) {
      expect(await refusal(at(n, 'catch-all.example'))).toBe('endpoint.account-too-many-challenges');
    }
    const devices = Array.from({ length: 15 }, (_, n) => bark(`DeviceOfThirty-${n}`));
    for (const device of devices) await add(ann, device);
    for (const device of devices.slice(0, 10)) await add(ann, device);
    expect(await refusal(devices[14]!)).toBe('endpoint.account-too-many-challenges');
  });

  it('get codes again for whoever proved them before, whatever strangers have used up', async () => {
    const device = bark('DeviceOfHolder');
    const { body } = await add(ann, device);
    await verify(ann, body.id, await codeOf('DeviceOfHolder'));
    const stranger = await auth.somebody(`person-${users++}`);
    // A code that was replaced before its turn is not sent, and those of several people are sent in any order.
    for (const nth of [2, 3]) {
      await add(stranger, device);
      await codeOf('DeviceOfHolder', nth);
    }
    const other = await auth.somebody(`person-${users++}`);
    expect(await other.refusal(authSubjects.addEndpoint, device)).toBe('endpoint.too-many-challenges');
    await ann.ask(authSubjects.removeEndpoint, { endpointId: body.id });
    await add(ann, device);
    expect((await verify(ann, body.id, await codeOf('DeviceOfHolder', 4))).body.status).toBe('verified');
    await ann.ask(authSubjects.removeEndpoint, { endpointId: body.id });
    await add(ann, device);
    await add(ann, device);
    expect(await ann.refusal(authSubjects.addEndpoint, device)).toBe('endpoint.too-many-challenges');
  });

  it('are added once by a repeated request, with one code', async () => {
    const meta = idempotent();
    const first = await add(ann, bark('DeviceRepeated1'), meta);
    const code = await codeOf('DeviceRepeated1');
    await verify(ann, first.body.id, code);
    const second = await add(ann, bark('DeviceRepeated1'), meta);
    expect(second.body).toEqual(first.body);
    expect(second.replayed).toBe(true);
    expect((await add(ann, bark('DeviceRepeated1'))).body.status).toBe('verified');
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await ann.refusal(authSubjects.addEndpoint, bark('DeviceRepeated2'), other)).toBe('idempotency.mismatch');
    expect(auth.pushesOf('DeviceRepeated1')).toHaveLength(1);
  });

  it('may be twenty, and one more when one is removed', async () => {
    const added = [];
    const meta = idempotent();
    for (let n = 0; n < 20; n += 1) added.push(await add(ann, bark(`DeviceOfTwenty-${n}`), n === 3 ? meta : {}));
    expect(await ann.refusal(authSubjects.addEndpoint, bark('DeviceOfTwenty-20'))).toBe('endpoint.too-many');
    await ann.ask(authSubjects.removeEndpoint, { endpointId: added[3]!.body.id });
    await add(ann, bark('DeviceOfTwenty-20'));
    // A repeat asks for none of the places: it gets the answer it got.
    expect(await add(ann, bark('DeviceOfTwenty-3'), meta)).toEqual({ ...added[3], replayed: true });
  });

  it('are a person’s own: the same device of somebody else is another endpoint', async () => {
    const { body } = await add(ann, bark('DeviceOfPrivacy'));
    const ben = await auth.somebody(`person-${users++}`);
    expect(await auth.refusal(authSubjects.addEndpoint, bark('x'))).toBe('session.required');
    expect((await add(ben, bark('DeviceOfPrivacy'))).body.id).not.toBe(body.id);
  });

  it('are checked by their channel', async () => {
    expect(await ann.refusal(authSubjects.addEndpoint, { kind: 'pigeon', coop: '1' })).toBe('endpoint.kind-unknown');
    expect(await ann.refusal(authSubjects.addEndpoint, { kind: 'bark' })).toBe('request.invalid');
    expect(await ann.refusal(authSubjects.addEndpoint, { ...bark('DeviceChecked1'), extra: 1 })).toBe(
      'request.invalid',
    );
    const inward = { ...bark('DeviceChecked1'), serverUrl: 'https://169.254.169.254' };
    expect(await ann.refusal(authSubjects.addEndpoint, inward)).toBe('request.invalid');
    expect(await ann.refusal(authSubjects.addEndpoint, { kind: 'email', address: 'a@b, c@d' })).toBe('request.invalid');
  });
});
