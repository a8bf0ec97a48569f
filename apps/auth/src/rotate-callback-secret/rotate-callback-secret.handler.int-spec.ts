import { authSubjects, RotateCallbackSecretReply } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { idempotent } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { CallbackWorld, verified } from '../testing/callback-world.fixture';

describe('another secret for an app’s callbacks', () => {
  let world: CallbackWorld;
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  beforeAll(async () => {
    world = await CallbackWorld.start();
    ({ auth, owner, ann } = world);
  });
  afterAll(() => world.auth.close());

  it('signs calls with both for a day, and with the new one alone where the old one is revoked', async () => {
    const { appId, secret } = await world.called('/rotated');
    const rotate = async (more: object = {}, meta?: RpcOptions) =>
      (await owner.ask<RotateCallbackSecretReply>(authSubjects.rotateCallbackSecret, { appId, ...more }, meta)).body;
    const callOf = async (count: number) => {
      await owner.ask(authSubjects.testCallback, { appId });
      return (await world.calls('/rotated', count))[count - 1]!;
    };
    const key = idempotent();
    const next = await rotate({}, key);
    expect(await rotate({}, key)).toEqual(next);
    const oldSecretUntil = expect.stringMatching(/Z$/) as string;
    expect(next).toEqual({ callbackSecret: expect.stringMatching(/^whsec_/) as string, oldSecretUntil });
    const both = await callOf(1);
    for (const known of [secret, next.callbackSecret])
      expect(verified(auth, known, both)).toMatchObject({ data: { appId } });
    const last = await rotate({ revokeNow: true });
    expect(last).not.toHaveProperty('oldSecretUntil');
    const one = await callOf(2);
    expect(verified(auth, last.callbackSecret, one)).toMatchObject({ data: { appId } });
    for (const known of [secret, next.callbackSecret]) expect(() => verified(auth, known, one)).toThrow('forged');
    await rotate();
    auth.passTime(24 * 3_600_000 + 1);
    const late = await callOf(3);
    expect(() => verified(auth, last.callbackSecret, late)).toThrow('forged');
  });

  it('is for its owner, where there is an address', async () => {
    const { appId } = await auth.app(owner);
    expect(await owner.refusal(authSubjects.rotateCallbackSecret, { appId })).toBe('app.no-callback-url');
    expect(await ann.refusal(authSubjects.rotateCallbackSecret, { appId })).toBe('app.unknown');
  });
});
