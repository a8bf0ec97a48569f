import { authSubjects, ReceiptJwks } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('the keys that receipts are checked by', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('are shown to anybody, the newest first, and nothing that could sign', async () => {
    const [first, ...more] = (await auth.ask<ReceiptJwks>(authSubjects.listReceiptKeys)).body.keys;
    expect(more).toEqual([]);
    const caller = { kind: 'service' as const, service: 'cli', roles: [] };
    await auth.ask(authSubjects.rotateReceiptKey, {}, { caller });
    const { keys } = (await auth.ask<ReceiptJwks>(authSubjects.listReceiptKeys)).body;
    expect(keys).toHaveLength(2);
    expect(keys[1]).toEqual(first);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
    }
  });
});
