import { DataSource } from 'typeorm';
import { authSubjects, EndpointView, Page } from '@hark/contracts';
import { ReadModel } from '@hark/readmodel';
import { until } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('the list of a person’s endpoints', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('shows each masked, newest first, right after the write, and none of anybody else', async () => {
    const ann = await auth.somebody('ann');
    const ben = await auth.somebody('ben');
    const list = async (user = ann, position?: string, asked: object = {}) =>
      (await user.ask<Page<EndpointView>>(authSubjects.listEndpoints, asked, position ? { position } : {})).body;
    const add = async (asked: object) => ann.ask<EndpointView>(authSubjects.addEndpoint, asked);

    const phone = await add({ kind: 'bark', deviceKey: 'ClearDeviceKey1' });
    const mail = await add({ kind: 'email', address: 'ann@mail.example' });
    const added = await list(ann, mail.position);
    expect(added).toEqual({ items: [mail.body, phone.body], nextCursor: null });
    expect(JSON.stringify(added)).not.toContain('ClearDeviceKey1');

    const push = await until(() => auth.outside.bark.pushes.list({})[0], { what: 'the challenge' });
    const code = /\d{6}/.exec(String(push.body))![0];
    const verified = await ann.ask<EndpointView>(authSubjects.verifyEndpoint, { endpointId: phone.body.id, code });
    expect((await list(ann, verified.position)).items).toEqual([mail.body, verified.body]);
    const first = await list(ann, undefined, { limit: 1 });
    expect(first.items).toEqual([mail.body]);
    expect((await list(ann, undefined, { limit: 1, cursor: first.nextCursor })).items).toEqual([verified.body]);

    const { position } = await ann.ask(authSubjects.removeEndpoint, { endpointId: mail.body.id });
    expect((await list(ann, position)).items).toEqual([verified.body]);
    expect((await list(ben, position)).items).toEqual([]);
    expect(await auth.refusal(authSubjects.listEndpoints)).toBe('session.required');

    const rows: object[] = await auth.service.app.get(DataSource).query('select * from auth.endpoints');
    expect(JSON.stringify(rows)).not.toContain('ClearDeviceKey1');
    const { tables } = await auth.service.app.get(ReadModel).rebuild();
    expect(tables.every(({ equal }) => equal)).toBe(true);
  });

  it('says in words what went wrong with the last message', async () => {
    const cat = await auth.somebody('cat');
    const tablet = await cat.ask<EndpointView>(authSubjects.addEndpoint, {
      kind: 'bark',
      deviceKey: 'DeviceOfCatTablet',
    });
    const at = auth.now();
    const data = { endpointId: tablet.body.id, reason: 'not-reached', at };
    await auth.append('user', cat.id, { type: 'user.endpoint-troubled', data });
    const seen = async () => (await cat.ask<Page<EndpointView>>(authSubjects.listEndpoints)).body.items[0]?.lastTrouble;
    expect(await until(seen, { what: 'the trouble in the list' })).toEqual({
      reason: 'not-reached',
      detail: expect.stringMatching(/\p{Script=Han}/u),
      at,
    });
  });
});
