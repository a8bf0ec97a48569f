import { authSubjects, FoundApp, Page, RegisterAppReply } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { anonymous, operator, user } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('apps that an operator looks for', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  /** Where the log stood after the last write. */
  let position: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
    const ben = await auth.somebody('ben');
    const made = async (owner: Somebody, name: string, more: object = {}) => {
      const { body } = await owner.ask<RegisterAppReply>(authSubjects.registerApp, { name, ...more });
      ids[name] = body.app.id;
    };
    await made(ann, 'Ticket desk', { description: 'Marker-of-a-description' });
    await made(ben, 'Repairs 报修');
    await made(ann, '100% off_ers');
    ({ position } = (await ann.ask(authSubjects.deleteApp, { appId: ids['Ticket desk'] })) as { position: string });
  });
  afterAll(() => auth.close());

  const find = async (asked: object = {}) =>
    (await auth.ask<Page<FoundApp>>(authSubjects.findApps, asked, { caller: operator(), position })).body;
  const names = async (search: string) => (await find({ search })).items.map(({ name }) => name);

  it('are found by the id of the app or of its owner, and by a part of the name, deleted ones too, newest first', async () => {
    expect(await names(ids['Repairs 报修']!.toUpperCase())).toEqual(['Repairs 报修']);
    expect(await names(ann.id)).toEqual(['100% off_ers', 'Ticket desk']);
    expect(await names('报')).toEqual(['Repairs 报修']);
    expect(await names(' KET D ')).toEqual(['Ticket desk']);
    const { items } = await find({ search: 'Ticket' });
    expect(items).toEqual([
      {
        id: ids['Ticket desk'],
        name: 'Ticket desk',
        ownerId: ann.id,
        verified: false,
        deleted: true,
        registeredAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      },
    ]);
  });

  it('are all of them when nothing is sought, page by page', async () => {
    const listed: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Page<FoundApp> = await find({ search: ' ', limit: 2, ...(cursor !== null && { cursor }) });
      listed.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null && pages < 5);
    expect([pages, listed]).toEqual([2, ['100% off_ers', 'Repairs 报修', 'Ticket desk']]);
    expect((await find()).items).toHaveLength(3);
  });

  it('are none where nothing is called so: what was typed is letters, never a pattern', async () => {
    for (const search of [uuid7(), '.*', 'Tickets', "'; --"]) expect(await names(search)).toEqual([]);
    for (const search of ['%', '_', '100%']) expect(await names(search)).toEqual(['100% off_ers']);
  });

  it('are shown to operators, and asked for within bounds', async () => {
    const ask = (asked: object, meta: object) => auth.refusal(authSubjects.findApps, asked, meta);
    expect(await ask({}, { caller: anonymous })).toBe('session.required');
    expect(await ask({}, { caller: user(ann.id) })).toBe('role.required');
    expect(await ask({}, { caller: { ...user(ann.id), roles: ['user', 'admin'] } })).toBe('role.required');
    expect(await ask({}, { caller: { kind: 'service', service: 'test', roles: ['operator'] } })).toBe(
      'session.required',
    );
    for (const asked of [
      { search: 'x'.repeat(101) },
      { search: 'a\nb' },
      { limit: 0 },
      { limit: 201 },
      { cursor: 'nonsense' },
      { owner: ann.id },
    ])
      expect(await ask(asked, { caller: operator() })).toBe('request.invalid');
  });
});
