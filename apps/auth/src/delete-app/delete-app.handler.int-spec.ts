import { AppView, authSubjects, Page } from '@hark/contracts';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('deleting an app', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    owner = await auth.somebody('owner');
  });
  afterAll(() => auth.close());

  it('kills its secret and ends its bindings, whose people see why', async () => {
    const { appId, credential } = await auth.app(owner);
    const ann = await auth.somebody('ann');
    const { bindingId } = await auth.bindTo(appId, ann, 'o-1');
    expect(await ann.refusal(authSubjects.deleteApp, { appId })).toBe('app.unknown');
    const { position } = await owner.ask(authSubjects.deleteApp, { appId });
    expect(await auth.refusal(authSubjects.listAppBindings, { appId, credential })).toBe('key.invalid');
    expect(await owner.refusal(authSubjects.getApp, { appId })).toBe('app.unknown');
    expect(await ann.refusal(authSubjects.bind, { appId, openid: 'o-2' })).toBe('app.unknown');
    const { items } = (await owner.ask<Page<AppView>>(authSubjects.listApps, {}, { position: position! })).body;
    expect(items.map(({ id }) => id)).not.toContain(appId);
    const ended = { status: 'unbound', endReason: 'app-deleted', app: { id: appId, deleted: true } };
    await until(
      async () => {
        const { body } = await ann.ask(authSubjects.getBinding, { bindingId });
        return body.status === 'unbound';
      },
      { what: 'the binding ends' },
    );
    expect((await ann.ask(authSubjects.getBinding, { bindingId })).body).toMatchObject(ended);
    await owner.ask(authSubjects.deleteApp, { appId });
  });
});
