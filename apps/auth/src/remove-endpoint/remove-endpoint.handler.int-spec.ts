import { authSubjects, EndpointView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('removing an endpoint', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('takes it away, and it is not there a second time', async () => {
    const asked = { kind: 'bark', deviceKey: 'DeviceRemoved1' };
    const { id: endpointId } = (await ann.ask<EndpointView>(authSubjects.addEndpoint, asked)).body;
    for (const unknown of [endpointId, uuid7(), 'nonsense']) {
      expect(await ben.refusal(authSubjects.removeEndpoint, { endpointId: unknown })).toBe('endpoint.unknown');
    }
    expect(await auth.refusal(authSubjects.removeEndpoint, { endpointId })).toBe('session.required');
    const { body, position } = await ann.ask(authSubjects.removeEndpoint, { endpointId });
    expect(body).toEqual({});
    expect(position).toMatch(/-user$/);
    expect(await ann.refusal(authSubjects.removeEndpoint, { endpointId })).toBe('endpoint.unknown');
  });
});
