import { authSubjects } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('the kinds of endpoints', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('can be looked up by everybody, with what each needs', async () => {
    const { body } = await auth.ask<{ items: { kind: string; fields: object[] }[] }>(authSubjects.listEndpointKinds);
    expect(body.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['bark', 'email']));
    expect(body.items.find(({ kind }) => kind === 'bark')!.fields).toEqual(
      expect.arrayContaining([
        { name: 'deviceKey', type: 'string', required: true, secret: true },
        { name: 'serverUrl', type: 'string', required: false, secret: false },
      ]),
    );
    expect(await auth.refusal(authSubjects.listEndpointKinds, { kind: 'bark' })).toBe('request.invalid');
  });
});
