import { AppView, authSubjects } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('offering an app to somebody', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
  });
  afterAll(() => auth.close());

  const offer = async (appId: string, to: string) =>
    (await owner.ask<AppView>(authSubjects.offerTransfer, { appId, to })).body;

  it('is for its owner, who sees to whom, and takes the place of the offer before', async () => {
    const { appId } = await auth.app(owner);
    const third = await auth.somebody('third');
    expect(await other.refusal(authSubjects.offerTransfer, { appId, to: other.id })).toBe('app.unknown');
    expect(await owner.refusal(authSubjects.offerTransfer, { appId, to: uuid7() })).toBe('user.unknown');
    expect(await offer(appId, other.id)).toMatchObject({ ownerId: owner.id, offeredTo: other.id });
    expect(await offer(appId, third.id)).toMatchObject({ ownerId: owner.id, offeredTo: third.id });
    expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
    await third.ask(authSubjects.acceptTransfer, { appId });
  });

  it('waits until no penalty is in force', async () => {
    const { appId } = await auth.app(owner);
    const at = auth.now();
    const [penaltyId, complaintId] = [appId, appId];
    const penalty = { penaltyId, complaintId, appId, severity: 'minor', points: 1, left: 11, tableVersion: 'x', at };
    await auth.append('standing', owner.id, { type: 'standing.penalized', data: penalty });
    expect(await owner.refusal(authSubjects.offerTransfer, { appId, to: other.id })).toBe('app.standing-burdened');
    auth.passTime(91 * 86_400_000);
    expect((await offer(appId, other.id)).offeredTo).toBe(other.id);
  });
});
