import { authSubjects, BindingView, Page } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('unblocking an app', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  it('lets it ask again, once, and revives nothing', async () => {
    const { binding } = await auth.bind(ann, 'o-1');
    await ann.ask(authSubjects.block, { bindingId: binding.id });
    const { body, position } = await ann.ask(authSubjects.unblock, { appId: binding.app.id });
    expect(body).toEqual({});
    expect(position).toMatch(/-binding$/);
    const { body: list } = await ann.ask<Page<BindingView>>(authSubjects.listBindings, {}, { position });
    expect(list.items.map(({ status }) => status)).toEqual(['unbound']);
    await ann.ask(authSubjects.unblock, { appId: binding.app.id });
    const now = await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: binding.id });
    expect(now.body.status).toBe('unbound');
    expect(await auth.types('binding', binding.id)).toEqual(['bound', 'blocked', 'unblocked']);
    expect(await auth.types('user', ann.id)).toEqual(['registered', 'blocked-app', 'unblocked-app']);
  });

  it('is a person’s own affair, about an app that can be named', async () => {
    const { binding } = await auth.bind(ann, 'o-2', 'wx0123456789abcde3');
    expect(await auth.refusal(authSubjects.unblock, { appId: binding.app.id })).toBe('session.required');
    expect(await ann.refusal(authSubjects.unblock, { appId: 'nonsense' })).toBe('app.unknown');
  });
});
