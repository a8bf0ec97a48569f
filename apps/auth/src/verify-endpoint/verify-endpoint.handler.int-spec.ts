import { authSubjects, EndpointView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { idempotent, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('endpoints', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  const add = (user: Somebody, asked: object) => user.ask<EndpointView>(authSubjects.addEndpoint, asked);
  const bark = (deviceKey: string) => ({ kind: 'bark', deviceKey });
  const codeOf = (deviceKey: string, nth = 1) =>
    until(() => /\d{6}/.exec(String(auth.pushesOf(deviceKey)[nth - 1]?.body))?.[0], {
      what: `challenge ${nth} at ${deviceKey}`,
    });
  const verify = (user: Somebody, endpointId: string, code: string) =>
    user.ask<EndpointView>(authSubjects.verifyEndpoint, { endpointId, code });
  const wrongOf = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('are not verified by a wrong code, and after five not by the right one', async () => {
    const { body } = await add(ann, bark('DeviceOfGuesser'));
    const code = await codeOf('DeviceOfGuesser');
    const guess = { endpointId: body.id, code: wrongOf(code) };
    for (const left of [4, 3, 2, 1, 0]) {
      await expect(ann.ask(authSubjects.verifyEndpoint, guess)).rejects.toMatchObject({
        code: 'endpoint.code-wrong',
        detail: { extra: { left } },
      });
    }
    expect(await ann.refusal(authSubjects.verifyEndpoint, { ...guess, code })).toBe('endpoint.code-expired');
    await add(ann, bark('DeviceOfGuesser'));
    const fresh = await codeOf('DeviceOfGuesser', 2);
    expect((await verify(ann, body.id, fresh)).body.status).toBe('verified');
  });

  it('count a repeated guess once', async () => {
    const { body } = await add(ann, bark('DeviceOfRepeater'));
    const code = wrongOf(await codeOf('DeviceOfRepeater'));
    const meta = idempotent();
    for (let n = 0; n < 7; n += 1) {
      await expect(ann.ask(authSubjects.verifyEndpoint, { endpointId: body.id, code }, meta)).rejects.toMatchObject({
        code: 'endpoint.code-wrong',
        detail: { extra: { left: 4 } },
      });
    }
  });

  it('are not verified by an old code, nor after a quarter of an hour', async () => {
    const { body } = await add(ann, bark('DeviceOfSleeper'));
    const old = await codeOf('DeviceOfSleeper');
    await add(ann, bark('DeviceOfSleeper'));
    const code = await codeOf('DeviceOfSleeper', 2);
    if (old !== code) {
      expect(await ann.refusal(authSubjects.verifyEndpoint, { endpointId: body.id, code: old })).toBe(
        'endpoint.code-wrong',
      );
    }
    auth.passTime(15 * 60_000);
    expect(await ann.refusal(authSubjects.verifyEndpoint, { endpointId: body.id, code })).toBe('endpoint.code-expired');
  });

  it('are not verified by anybody else, nor those that are not there', async () => {
    const { body } = await add(ann, bark('DeviceOfPrivacy'));
    const code = await codeOf('DeviceOfPrivacy');
    for (const endpointId of [body.id, uuid7(), 'nonsense']) {
      expect(await ben.refusal(authSubjects.verifyEndpoint, { endpointId, code })).toBe('endpoint.unknown');
    }
    expect(await auth.refusal(authSubjects.verifyEndpoint, { endpointId: body.id, code })).toBe('session.required');
    expect((await verify(ann, body.id, code)).body.status).toBe('verified');
  });
});
