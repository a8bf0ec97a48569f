import { authSubjects, EndpointView, Page } from '@hark/contracts';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('the endpoints of a person, as they arrange them', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let phone: EndpointView;
  let tablet: EndpointView;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
    phone = await added('DeviceOfAnnPhone');
    tablet = await added('DeviceOfAnnTablet');
  });
  afterAll(() => auth.close());

  const added = async (deviceKey: string) =>
    (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey })).body;
  const rename = (endpointId: string, name: string) =>
    ann.ask<EndpointView>(authSubjects.renameEndpoint, { endpointId, name });
  const order = (endpointIds: readonly string[]) => ann.ask(authSubjects.orderEndpoints, { endpointIds });
  const listed = async (position?: string) => {
    const meta = position === undefined ? {} : { position };
    const { items } = (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, meta)).body;
    return new Map(items.map((one) => [one.id, one]));
  };

  it('have the names they gave, cleaned, sealed and shown to nobody else', async () => {
    const { body, position } = await rename(phone.id, '  妈妈的  手机 ');
    expect(body).toMatchObject({ id: phone.id, name: '妈妈的 手机' });
    expect((await listed(position)).get(phone.id)).toMatchObject({ name: '妈妈的 手机' });
    const before = (await auth.types('user', ann.id)).length;
    await rename(phone.id, '妈妈的 手机');
    expect(await auth.types('user', ann.id)).toHaveLength(before);
    const stored = JSON.stringify(await auth.events('user', ann.id));
    expect(stored).not.toContain('妈妈');
    const taken = await rename(phone.id, '');
    expect(taken.body).not.toHaveProperty('name');
    expect((await listed(taken.position)).get(phone.id)).not.toHaveProperty('name');
    expect(await ann.refusal(authSubjects.renameEndpoint, { endpointId: phone.id, name: '\u200b\u200b' })).toBe(
      'request.invalid',
    );
    const ben = await auth.somebody('ben');
    expect(await ben.refusal(authSubjects.renameEndpoint, { endpointId: phone.id, name: 'mine' })).toBe(
      'endpoint.unknown',
    );
  });

  it('are tried in the order they say, until they take it back', async () => {
    const { position } = await order([tablet.id, phone.id]);
    const rows = await listed(position);
    expect([rows.get(tablet.id)!.rank, rows.get(phone.id)!.rank]).toEqual([1, 2]);
    const lifted = await listed((await order([])).position);
    expect([...lifted.values()].some((one) => 'rank' in one)).toBe(false);
    const ben = await auth.somebody('ben');
    expect(await ben.refusal(authSubjects.orderEndpoints, { endpointIds: [phone.id] })).toBe('endpoint.unknown');
    expect(await ann.refusal(authSubjects.orderEndpoints, { endpointIds: [phone.id, phone.id] })).toBe(
      'request.invalid',
    );
  });

  it('say in words what went wrong with the last message', async () => {
    const at = new Date().toISOString();
    const data = { endpointId: tablet.id, reason: 'not-reached', at };
    await auth.append('user', ann.id, { type: 'user.endpoint-troubled', data });
    const seen = async () => (await listed()).get(tablet.id)!.lastTrouble;
    expect(await until(seen, { what: 'the trouble in the list' })).toEqual({
      reason: 'not-reached',
      detail: expect.stringMatching(/\p{Script=Han}/u),
      at,
    });
  });
});
