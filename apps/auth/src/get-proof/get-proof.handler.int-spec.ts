import { authSubjects, ProofView, RegisterAppReply } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('what proves the domain of an app’s homepage', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
  });
  afterAll(() => auth.close());

  const register = async (asked: { name: string; homepage?: string }) =>
    (await owner.ask<RegisterAppReply>(authSubjects.registerApp, asked)).body.app.id;
  const proofOf = async (appId: string) => (await owner.ask<ProofView>(authSubjects.getProof, { appId })).body;

  it('is a line in its DNS or in a file, the same each time, and another for another app', async () => {
    const homepage = 'https://shop.example/about';
    const appId = await register({ name: 'Shop', homepage });
    const proof = await proofOf(appId);
    const value = proof.file.content;
    expect(value).not.toBe('');
    expect(proof).toEqual({
      domain: 'shop.example',
      dns: { name: '_hark-claim.shop.example', type: 'TXT', value },
      file: { url: 'https://shop.example/.well-known/hark-claim', content: value },
    });
    expect(await proofOf(appId)).toEqual(proof);
    expect((await proofOf(await register({ name: 'Shop two', homepage }))).file.content).not.toBe(value);
  });

  it('is told to the owner alone, and only where there is a homepage', async () => {
    const appId = await register({ name: 'Homeless' });
    expect(await owner.refusal(authSubjects.getProof, { appId })).toBe('app.no-homepage');
    expect(await other.refusal(authSubjects.getProof, { appId })).toBe('app.unknown');
  });
});
