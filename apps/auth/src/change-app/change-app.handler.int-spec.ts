import { DataSource } from 'typeorm';
import { AppView, authSubjects, ChangeAppReply, Page, RegisterAppReply } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { skeletonOf } from '../domain/name-skeleton';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('changing an app', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    owner = await auth.somebody('owner');
  });
  afterAll(() => auth.close());

  const register = async (asked: object) =>
    (await owner.ask<RegisterAppReply>(authSubjects.registerApp, asked)).body.app.id;
  const change = (appId: string, asked: object) =>
    owner.ask<ChangeAppReply>(authSubjects.changeApp, { appId, ...asked });
  const refused = (appId: string, asked: object) => owner.refusal(authSubjects.changeApp, { appId, ...asked });

  it('changes what is named, takes away what is null, and is seen by the list', async () => {
    const appId = await register({ name: 'Before', description: 'd', homepage: 'https://a.example/' });
    const asked = { name: ' Ａfter ', description: null, homepage: 'https://b.example/' };
    const { body, position } = await change(appId, asked);
    expect(body).toMatchObject({ id: appId, name: 'After', homepage: 'https://b.example/' });
    expect(body).not.toHaveProperty('description');
    const { items } = (await owner.ask<Page<AppView>>(authSubjects.listApps, {}, { position: position! })).body;
    expect(items.find(({ id }) => id === appId)).toEqual(body);
    expect((await change(appId, { name: 'After' })).body).toEqual(body);
  });

  it('checks a new name like a first one, and does not trip over its own', async () => {
    const appId = await register({ name: 'Plain' });
    const [, zenith] = [await register({ name: 'Zenith mine' }), uuid7()];
    // Stands in for an app that was verified.
    await auth.service.app.get(DataSource).query(
      `insert into auth.apps (app_id, name, name_skeleton, verified, deleted, facts, place, created_at)
       values ($1, 'Zenith', $2, true, false, '{}', 0, now())`,
      [zenith, skeletonOf('Zenith')],
    );
    expect(await refused(appId, { name: 'Zeniтh' })).toBe('app.name-confusable');
    expect(await refused(appId, { name: '微信' })).toBe('app.name-confusable');
    auth.verdicts.push({ contains: '代开发票', says: 'blocked' });
    expect(await refused(appId, { name: '代开发票' })).toBe('app.name-refused');
    expect(await refused(appId, { description: '代开发票' })).toBe('app.text-refused');
    expect((await change(appId, { name: 'Plain too' })).body.name).toBe('Plain too');
  });

  it('is for its owner alone', async () => {
    const appId = await register({ name: 'Owned' });
    const stranger = await auth.somebody('stranger');
    expect(await stranger.refusal(authSubjects.changeApp, { appId, name: 'Mine' })).toBe('app.unknown');
    expect(await refused(uuid7(), { name: 'Mine' })).toBe('app.unknown');
    expect(await refused('nonsense', { name: 'Mine' })).toBe('app.unknown');
    expect(await refused(appId, { verified: true })).toBe('request.invalid');
  });
});
