import { authSubjects, EndpointView, Page } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('naming an endpoint', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let phone: EndpointView;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
    phone = (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey: 'DeviceOfAnnPhone' }))
      .body;
  });
  afterAll(() => auth.close());

  const rename = (endpointId: string, name: string) =>
    ann.ask<EndpointView>(authSubjects.renameEndpoint, { endpointId, name });
  const seen = async (position?: string) => {
    const meta = position === undefined ? {} : { position };
    return (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, meta)).body.items;
  };

  it('shows it to its person alone, cleaned, and keeps it sealed, until it is taken away', async () => {
    const { body, position } = await rename(phone.id, '  妈妈的  手机 ');
    expect(body).toMatchObject({ id: phone.id, name: '妈妈的 手机' });
    expect((await seen(position))[0]).toMatchObject({ name: '妈妈的 手机' });
    await rename(phone.id, '妈妈的 手机');
    const renamed = (await auth.types('user', ann.id)).filter((type) => type === 'endpoint-renamed');
    expect(renamed).toHaveLength(1);
    const stored = JSON.stringify(await auth.events('user', ann.id));
    expect(stored).not.toContain('妈妈');
    const taken = await rename(phone.id, '');
    expect(taken.body).not.toHaveProperty('name');
    expect((await seen(taken.position))[0]).not.toHaveProperty('name');
    expect(await ann.refusal(authSubjects.renameEndpoint, { endpointId: phone.id, name: '\u200b\u200b' })).toBe(
      'request.invalid',
    );
    const ben = await auth.somebody('ben');
    expect(await ben.refusal(authSubjects.renameEndpoint, { endpointId: phone.id, name: 'mine' })).toBe(
      'endpoint.unknown',
    );
  });
});
