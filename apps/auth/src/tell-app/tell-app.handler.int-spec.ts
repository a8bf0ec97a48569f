import { AppEvent, authSubjects, RegisterAppReply, ToldApp } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { operator, until } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('what another service is told of an app', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  /** As a service, which is who asks where no caller is named. */
  const tell = async (appId: unknown) =>
    (await auth.harness.requests.request<ToldApp>(authSubjects.tellApp, { appId })).body;
  /** What it is told once the tables have come so far. */
  const told = (appId: string, isSo: (told: ToldApp) => boolean) =>
    until(
      async () => {
        const now = await tell(appId).catch(() => undefined);
        return now && isSo(now) ? now : undefined;
      },
      { what: 'the app as it is' },
    );

  it('is whose it is, what else they have, and how many people have it, by what became of their consent', async () => {
    const [owner, ann, ben, cat] = await Promise.all(['owner', 'ann', 'ben', 'cat'].map((one) => auth.somebody(one)));
    const register = async (name: string, more: object = {}) =>
      (await owner!.ask<RegisterAppReply>(authSubjects.registerApp, { name, ...more })).body.app.id;
    const old = await register('Old');
    const appId = await register('Tickets', { homepage: 'https://a.example/' });
    const recent = await register('Recent');
    await owner!.ask(authSubjects.deleteApp, { appId: old });
    const { bindingId } = await auth.bindTo(appId, ann!, 'a');
    await auth.bindTo(appId, ben!, 'b');
    const third = await auth.bindTo(appId, cat!, 'c');
    await ann!.ask(authSubjects.unbind, { bindingId });
    await cat!.ask(authSubjects.block, { bindingId: third.bindingId });
    const { app, others, bindings } = await told(
      appId,
      (now) => now.bindings.unbound + now.bindings.blocked === 2 && now.others.some(({ deleted }) => deleted),
    );
    expect(app).toMatchObject({ id: appId, name: 'Tickets', ownerId: owner!.id, homepage: 'https://a.example/' });
    expect(others).toMatchObject([
      { id: recent, deleted: false },
      { id: old, deleted: true },
    ]);
    expect(bindings).toEqual({ active: 1, unbound: 1, blocked: 1 });
    expect(JSON.stringify(await tell(appId))).not.toMatch(/secret|hash/i);
  });

  it('is the latest fifty others, and none of an app that nobody owns', async () => {
    const ownerId = uuid7();
    const registered = async (owner: string | null, name: string) => {
      const appId = uuid7();
      const data = {
        ownerId: owner,
        name,
        redirectUris: [],
        secretHash: 'a'.repeat(64),
        verified: false,
        at: auth.now(),
      };
      await auth.append('app', appId, { type: 'app.registered', data } satisfies AppEvent);
      return appId;
    };
    const appId = await registered(ownerId, 'The one');
    for (let n = 1; n <= 51; n += 1) await registered(ownerId, `Other ${n}`);
    const { others } = await told(appId, (now) => now.others[0]?.name === 'Other 51');
    expect([others.length, others.at(-1)?.name]).toEqual([50, 'Other 2']);
    const [unowned] = [await registered(null, 'A'), await registered(null, 'B')];
    expect(await told(unowned, () => true)).toMatchObject({
      app: { ownerId: null },
      others: [],
      bindings: { active: 0, unbound: 0, blocked: 0 },
    });
  });

  it('is nothing of an app that there is not, and for services alone', async () => {
    const ask = (appId: unknown, meta: object = {}) =>
      auth.harness.requests.request(authSubjects.tellApp, { appId }, meta).then(
        () => 'told',
        ({ code }: { code: string }) => code,
      );
    for (const strange of [uuid7(), 'x', '', null, 7, '../x']) expect(await ask(strange)).toBe('app.unknown');
    const { appId } = await auth.app(await auth.somebody('somebody'));
    await told(appId, () => true);
    expect(await ask(appId, { caller: operator() })).toBe('role.required');
    expect(await ask(appId)).toBe('told');
  });
});
