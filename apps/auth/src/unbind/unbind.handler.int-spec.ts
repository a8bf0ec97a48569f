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

  const types = async (category: string, id: string) =>
    (await auth.service.app.get(EventStore).read(category, id)).map(({ event }) => event.type);

  it('withdraws the consent, once', async () => {
    const { binding } = await auth.bind(ann, 'o-1');
    const { id: bindingId } = binding;
    const first = await ann.ask(authSubjects.unbind, { bindingId });
    expect((await ann.ask<BindingView>(authSubjects.getBinding, { bindingId })).body.status).toBe('unbound');
    const second = await ann.ask(authSubjects.unbind, { bindingId });
    expect(second.position).toBe(first.position);
    expect(await types('binding', binding.id)).toEqual(['binding.bound', 'binding.unbound']);
  });
});
