import { AppView, authSubjects, RegisterAppReply } from '@hark/contracts';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('taking over an app', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
  });
  afterAll(() => auth.close());

  const offer = (appId: string, to: string) => owner.ask<AppView>(authSubjects.offerTransfer, { appId, to });
  const accept = (appId: string, asked: object = {}) =>
    other.ask<RegisterAppReply>(authSubjects.acceptTransfer, { appId, ...asked });

  it('ends the owner’s say; the old secret works for a day, proofs and callbacks are gone', async () => {
    const { appId, credential } = await auth.app(owner);
    await owner.ask(authSubjects.changeApp, { appId, callbackUrl: 'https://a.example/cb' });
    const { bindingId } = await auth.bindTo(appId, owner, 'o-before');
    expect((await offer(appId, other.id)).body.offeredTo).toBe(other.id);
    expect(await owner.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
    const { app, secret } = (await accept(appId)).body;
    expect(app).toMatchObject({ ownerId: other.id, verified: false });
    expect(app).not.toHaveProperty('callbackUrl');
    expect(await owner.refusal(authSubjects.getApp, { appId })).toBe('app.unknown');
    for (const works of [credential, secret]) {
      await auth.ask(authSubjects.listAppBindings, { appId, credential: works });
    }
    // Who allowed it before is told; who does so now knows whom.
    const after = await auth.bindTo(appId, owner, 'o-after');
    const noted = async () => (await auth.types('binding', bindingId)).includes('app-transferred');
    await until(noted, { what: 'the binding says so' });
    expect(await auth.types('binding', after.bindingId)).not.toContain('app-transferred');
  });

  it('does not leave a penalty behind', async () => {
    const { appId } = await auth.app(owner);
    await offer(appId, other.id);
    const at = auth.now();
    const [penaltyId, complaintId] = [appId, appId];
    const penalty = { penaltyId, complaintId, appId, severity: 'minor', points: 1, left: 11, tableVersion: 'x', at };
    await auth.append('standing', owner.id, { type: 'standing.penalized', data: penalty });
    expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.standing-burdened');
    auth.passTime(91 * 86_400_000);
    expect((await accept(appId, { revokeNow: true })).body.app.ownerId).toBe(other.id);
  });
});
