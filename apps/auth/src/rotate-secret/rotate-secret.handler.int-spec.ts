import { DataSource } from 'typeorm';
import { AppView, authSubjects, RotateSecretReply } from '@hark/contracts';
import { CredentialUses } from '@hark/service';
import { idempotent, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app’s secret', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    owner = await auth.somebody('owner');
  });
  afterAll(() => auth.close());

  const database = () => auth.service.app.get(DataSource);
  const rotate = async (appId: string, asked: object = {}, meta = {}) =>
    (await owner.ask<RotateSecretReply>(authSubjects.rotateSecret, { appId, ...asked }, meta)).body;
  const works = (appId: string, credential: string) =>
    auth.ask(authSubjects.listAppBindings, { appId, credential }).then(
      () => true,
      () => false,
    );

  it('has a successor beside which it works for a day, or not at all', async () => {
    const { appId, credential: first } = await auth.app(owner);
    const { secret: second, oldSecretUntil } = await rotate(appId);
    expect(Date.parse(oldSecretUntil!) - Date.parse(auth.now())).toBeGreaterThan(23 * 3_600_000);
    expect([await works(appId, first), await works(appId, second)]).toEqual([true, true]);
    const third = await rotate(appId, { revokeNow: true });
    expect(third).toEqual({ secret: expect.any(String) });
    const working = await Promise.all([first, second, third.secret].map((secret) => works(appId, secret)));
    expect(working).toEqual([false, false, true]);
  });

  it('is shown to its owner with the day of its last use, which a process writes once', async () => {
    const { appId, credential: first } = await auth.app(owner);
    const shown = async () => (await owner.ask<AppView>(authSubjects.getApp, { appId })).body.secrets;
    expect(await shown()).toEqual([{}]);
    await database().query(`insert into credentials.uses values ('long ago', '2020-01-01')`);
    const { secret: second, oldSecretUntil } = await rotate(appId);
    // Of one day, also around midnight.
    await auth.whileTimeStands(async () => {
      expect([await works(appId, first), await works(appId, first), await works(appId, `${second}x`)]).toEqual([
        ...[true, true, false],
      ]);
      const used = [{}, { until: oldSecretUntil, lastUsedOn: auth.now().slice(0, 10) }];
      await until(async () => (await shown())![1]!.lastUsedOn !== undefined, { what: 'the use is noted' });
      expect(await shown()).toEqual(used);
    });
    // Another process notes a use of its own, and takes out what is long past.
    new CredentialUses(database(), () => auth.now(), console).note('another');
    const gone = `select 1 from credentials.uses where used_on = '2020-01-01'`;
    await until(async () => (await database().query(gone)).length === 0, { what: 'what is long past is forgotten' });
  });

  it('is the same for a repeated request, and its owner’s alone', async () => {
    const { appId } = await auth.app(owner);
    const meta = idempotent();
    const first = await rotate(appId, {}, meta);
    await rotate(appId);
    expect(await rotate(appId, {}, meta)).toEqual(first);
    const stranger = await auth.somebody('stranger');
    expect(await stranger.refusal(authSubjects.rotateSecret, { appId })).toBe('app.unknown');
    expect(await auth.refusal(authSubjects.rotateSecret, { appId })).toBe('session.required');
  });
});
