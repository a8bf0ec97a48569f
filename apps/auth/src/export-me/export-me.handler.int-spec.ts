import { authSubjects, complaintsSubjects, deliverySubjects, ExportReply } from '@hark/contracts';
import { HarkNatsServer } from '@hark/nats';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

/** The lists of other services. */
const lists = [deliverySubjects.listInbox, complaintsSubjects.listMine, complaintsSubjects.listOwnAppeals];

describe('the export of what Hark holds on a person', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  const asked: { subject: string; cursor?: string; userId?: string }[] = [];
  const others: HarkNatsServer[] = [];
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('o0Ann0000000000000000000001');
    const { requests, keys } = auth.harness;
    // The other services' lists: the inbox goes on after the first page.
    for (const subject of lists) {
      const queue = subject.split('.')[0]!;
      const server = new HarkNatsServer({ connection: requests.connection, queue, callerKey: keys.caller });
      server.addHandler(subject, async ({ cursor }: { cursor?: string }, context?: unknown) => {
        const { request } = context as { request: { caller: { userId?: string } } };
        asked.push({ subject, ...(cursor !== undefined && { cursor }), userId: request.caller.userId });
        const more = subject === deliverySubjects.listInbox && cursor === undefined;
        return { body: { items: [], nextCursor: more ? 'next' : null } };
      });
      server.listen(() => {});
      await server.flushed();
      others.push(server);
    }
  });
  afterAll(async () => {
    for (const server of others) await server.close();
    await auth.close();
  });

  it('has every list in the person’s own name, and goes on where one goes on', async () => {
    const ben = await auth.somebody('ben');
    const { appId } = await auth.app(ben);
    const { bindingId } = await auth.bindTo(appId, ann, 'customer-1');
    const { position } = await ann.ask(authSubjects.block, { bindingId });
    const { body } = await ann.ask<ExportReply>(authSubjects.exportMe, {}, { position: position! });
    expect(body).toMatchObject({
      me: { id: ann.id },
      logIn: { provider: 'wechat', subject: '…0001' },
      blockedApps: [appId],
      sessions: [{ current: true }],
      bindings: [{ openid: 'customer-1' }],
      nextCursor: expect.any(String) as string,
    });
    const { body: last } = await ann.ask<ExportReply>(authSubjects.exportMe, { cursor: body.nextCursor });
    expect(last).toMatchObject({ me: { id: ann.id }, bindings: [], inbox: [], nextCursor: null });
    // The lists are asked for at once, in no order.
    const first = asked.slice(0, lists.length);
    expect(first).toHaveLength(lists.length);
    expect(first).toEqual(expect.arrayContaining(lists.map((subject) => ({ subject, userId: ann.id }))));
    expect(asked.slice(lists.length)).toEqual([
      { subject: deliverySubjects.listInbox, cursor: 'next', userId: ann.id },
    ]);
  });

  it('refuses a cursor of another list', async () => {
    expect(await ann.refusal(authSubjects.exportMe, { cursor: 'bm9uZQ' })).toBe('request.invalid');
  });
});
