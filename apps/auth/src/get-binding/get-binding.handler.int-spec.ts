import { authSubjects, BindingView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('a binding', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('is shown to its person as it stands, without its key', async () => {
    const { binding, key } = await auth.bind(ann, 'o-1');
    const { body } = await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: binding.id });
    expect(body).toEqual(binding);
    expect(JSON.stringify(body)).not.toContain(key);
    const changed = await ann.ask(authSubjects.changeBinding, { bindingId: binding.id, level: 'weak' });
    expect((await ann.ask(authSubjects.getBinding, { bindingId: binding.id })).body).toEqual(changed.body);
  });

  it('is as if it were not there for everybody else', async () => {
    const bindingId = (await auth.bind(ann, 'o-2')).binding.id;
    expect(await ben.refusal(authSubjects.getBinding, { bindingId })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId: uuid7() })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId: 'binding-1' })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId, extra: true })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.getBinding, { bindingId })).toBe('session.required');
  });
});
