import { authSubjects, ReceiptJwks } from '@hark/contracts';
import { idempotent } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('changing the key that signs receipts', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  const caller = { kind: 'service' as const, service: 'cli', roles: [] };

  it('puts the next key before those that there were, once for each command', async () => {
    const former = (await auth.ask<ReceiptJwks>(authSubjects.listReceiptKeys)).body.keys;
    const once = { caller, ...idempotent() };
    const rotate = async () => (await auth.ask<ReceiptJwks>(authSubjects.rotateReceiptKey, {}, once)).body;
    const { keys } = await rotate();
    expect(keys.slice(1)).toEqual(former);
    expect(former.map(({ kid }) => kid)).not.toContain(keys[0]!.kid);
    expect(await rotate()).toEqual({ keys });
    expect((await auth.ask<ReceiptJwks>(authSubjects.listReceiptKeys)).body).toEqual({ keys });
  });

  it('is for the installation alone', async () => {
    const ann = await auth.somebody('ann');
    expect(await ann.refusal(authSubjects.rotateReceiptKey)).toBe('role.required');
    expect(await auth.refusal(authSubjects.rotateReceiptKey)).toBe('role.required');
  });
});
