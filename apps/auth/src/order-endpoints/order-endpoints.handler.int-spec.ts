import { authSubjects, EndpointView, Page } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('the order of a person’s endpoints', () => {
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
  const order = (endpointIds: readonly string[]) => ann.ask(authSubjects.orderEndpoints, { endpointIds });
  const listed = async (position?: string) => {
    const meta = position === undefined ? {} : { position };
    const { items } = (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, meta)).body;
    return new Map(items.map((one) => [one.id, one]));
  };

  it('is the one they say, until they take it back', async () => {
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
});
