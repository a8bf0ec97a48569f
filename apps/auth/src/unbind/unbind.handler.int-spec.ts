import { authSubjects, BindingView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('ending a binding', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const end = (subject: string, bindingId: string) => ann.ask<BindingView>(subject, { bindingId });
  const types = async (category: string, id: string) =>
    (await auth.service.app.get(EventStore).read(category, id)).map(({ event }) => event.type);

  it('withdraws the consent, once', async () => {
    const { binding } = await auth.bind(ann, 'o-1');
    const first = await end(authSubjects.unbind, binding.id);
    expect(first.body).toMatchObject({ id: binding.id, status: 'unbound' });
    const second = await end(authSubjects.unbind, binding.id);
    expect(second.body).toEqual(first.body);
    expect(second.position).toBe(first.position);
    expect(await types('binding', binding.id)).toEqual(['binding.bound', 'binding.unbound']);
  });
});
