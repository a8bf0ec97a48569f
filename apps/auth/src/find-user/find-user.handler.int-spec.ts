import { authSubjects, EndpointView, EraseMeReply, FoundUsers, UserLookEvent } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { anonymous, operator, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('somebody whom an admin looks for', () => {
  let auth: AuthWorld;
  let chief: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start({ HARK_ADMINS: 'wechat:chief' });
    chief = await auth.somebody('chief');
  });
  afterAll(() => auth.close());

  const find = async (asked: object) => (await chief.ask<FoundUsers>(authSubjects.findUser, asked)).body.items;
  const looks = () => auth.dataOfAll<UserLookEvent['data']>('user_look');
  /** Somebody who is known, as a log-in by this openid would have made them. */
  const known = async (openid: string): Promise<string> => {
    const userId = auth.vault.lookupId('wechat', openid);
    const subject = await auth.vault.seal(userId, openid, `user:${userId}`);
    const data = { provider: 'wechat', subject, subjectHash: auth.vault.lookupHash('wechat', openid), at: auth.now() };
    await auth.append('user', userId, { type: 'user.registered', data });
    return userId;
  };
  /** A row as if they had proven to receive at this address. */
  const received = (personId: string, address: string) =>
    auth.harness.sql(
      `insert into auth.endpoints (endpoint_id, person_id, kind, address, address_hash, verified, added_at, place)
       values ($1, $2, 'email', '', $3, true, now(), 1)`,
      [uuid7(), personId, auth.vault.lookupHash('address:email', address)],
    );

  it('is found by an address once they proved it, however it is written, and by nothing like it', async () => {
    const cleo = await auth.somebody('cleo-of-wechat');
    const address = 'Cleo@Mail.example';
    const { id: endpointId } = (await cleo.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'email', address }))
      .body;
    expect(await find({ email: address })).toEqual([]);
    const mail = await until(() => auth.mailsTo(address)[0], { what: 'the code' });
    const code = /\d{6}/.exec(mail.text)![0];
    await cleo.ask(authSubjects.verifyEndpoint, { endpointId, code });
    await until(async () => (await find({ email: 'cleo@mail.example' })).length === 1, {
      what: 'the address is known',
    });
    const found = { id: cleo.id, roles: ['user'] };
    expect(await find({ email: address })).toEqual([{ ...found, by: 'C•••@M•••' }]);
    expect(await find({ openid: 'cleo-of-wechat' })).toEqual([{ ...found, by: 'cl•••' }]);
    for (const other of [
      { openid: 'cleo-of-wecha' },
      { openid: 'Cleo-of-wechat' },
      { email: 'leo@mail.example' },
      { email: 'no address' },
    ])
      expect(await find(other)).toEqual([]);
  });

  it('is found with the roles that they have', async () => {
    expect(await find({ openid: 'chief' })).toMatchObject([{ id: chief.id, roles: ['user', 'operator', 'admin'] }]);
  });

  it('is twenty at most, where more share an address', async () => {
    const people = await Promise.all(Array.from({ length: 21 }, (_, n) => known(`shares-${n}`)));
    for (const person of people) await received(person, 'info@shared.example');
    const found = await find({ email: 'Info@Shared.example' });
    expect(found).toHaveLength(20);
    expect(people).toEqual(expect.arrayContaining(found.map(({ id }) => id)) as string[]);
  });

  it('is nobody who was erased, and nobody who never came', async () => {
    const dora = await auth.somebody('dora');
    expect(await find({ openid: 'dora' })).toHaveLength(1);
    expect((await dora.ask<EraseMeReply>(authSubjects.eraseMe)).body.status).toBe('erasing');
    expect(await find({ openid: 'dora' })).toEqual([]);
    await received(dora.id, 'dora@mail.example');
    await received(uuid7(), 'dora@mail.example');
    expect(await find({ email: 'dora@mail.example' })).toEqual([]);
  });

  it('is looked for on the record: whom it showed, by what kind of name, and never the name', async () => {
    const eva = await auth.somebody('Marker-of-an-openid');
    const before = (await looks()).length;
    await find({ openid: 'Marker-of-an-openid' });
    await find({ email: 'marker@nobody.example' });
    const at = expect.any(String) as string;
    expect((await looks()).slice(before)).toEqual([
      { adminId: chief.id, by: 'openid', userIds: [eva.id], at },
      { adminId: chief.id, by: 'email', userIds: [], at },
    ]);
    expect(JSON.stringify(await looks())).not.toMatch(/marker/i);
  });

  it('is looked for by admins alone, by one name at a time, and a refusal shows nobody', async () => {
    const before = (await looks()).length;
    for (const asked of [{}, { email: 'a@b.example', openid: 'x' }, { email: 'x'.repeat(255) }, { id: chief.id }])
      expect(await chief.refusal(authSubjects.findUser, asked)).toBe('request.invalid');
    const asked = { openid: 'chief' };
    expect(await auth.refusal(authSubjects.findUser, asked, { caller: operator() })).toBe('role.required');
    expect(await auth.refusal(authSubjects.findUser, asked, { caller: anonymous })).toBe('session.required');
    expect(await looks()).toHaveLength(before);
  });
});
