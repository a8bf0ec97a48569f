import { authSubjects, BindReply, EndpointView, Page, RegisterAppReply } from '@hark/contracts';
import { AuthWorld, Somebody } from './testing/auth-world.fixture';

describe('lists whose clock was set back in between', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  /** Three made one after the other, the clock set back by 90 seconds after the first; then the list, page by page. */
  async function listed(subject: string, make: (n: number) => Promise<{ id: string; position?: string | undefined }>) {
    const made: string[] = [];
    let position: string | undefined;
    for (const n of [0, 1, 2]) {
      const one = await make(n);
      made.unshift(one.id);
      position = one.position;
      if (n === 0) auth.passTime(-90_000);
    }
    auth.passTime(90_000);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const asked: object = { limit: 1, ...(cursor !== null && { cursor }) };
      const { body } = await ann.ask<Page<{ id: string }>>(subject, asked, position === undefined ? {} : { position });
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null && seen.length < 10);
    return { made, seen };
  }

  it('show bindings newest first, as the log has them', async () => {
    const { made, seen } = await listed(authSubjects.listBindings, async (n) => {
      const asked = { wechatAppId: 'wx0123456789abcdef', appName: 'Hacker密码', openid: `o-${n}` };
      const { body, position } = await ann.ask<BindReply>(authSubjects.bind, asked);
      return { id: body.binding.id, position };
    });
    expect(seen).toEqual(made);
  });

  it('show apps newest first, as the log has them', async () => {
    const { made, seen } = await listed(authSubjects.listApps, async (n) => {
      const { body, position } = await ann.ask<RegisterAppReply>(authSubjects.registerApp, { name: `工单 ${n}` });
      return { id: body.app.id, position };
    });
    expect(seen).toEqual(made);
  });

  it('show endpoints newest first, as the log has them', async () => {
    const { made, seen } = await listed(authSubjects.listEndpoints, async (n) => {
      const asked = { kind: 'bark', deviceKey: `DeviceOfStep${n}` };
      const { body, position } = await ann.ask<EndpointView>(authSubjects.addEndpoint, asked);
      return { id: body.id, position };
    });
    expect(seen).toEqual(made);
  });
});
