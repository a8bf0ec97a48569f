import { AppView, authSubjects, Page, RegisterAppReply } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

describe('the apps of an owner', () => {
  let auth: AuthWorld;
  beforeAll(async () => {
    auth = await AuthWorld.start();
  });
  afterAll(() => auth.close());

  it('are listed newest first, page by page, with the write that was just made', async () => {
    const lister = await auth.somebody('lister');
    const names = ['One', 'Two', 'Three', 'Four', 'Five'];
    let position: string | undefined;
    for (const name of names) {
      ({ position } = await lister.ask<RegisterAppReply>(authSubjects.registerApp, { name }));
    }
    const listed: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const asked: object = { limit: 2, ...(cursor && { cursor }) };
      const { body }: { body: Page<AppView> } = await lister.ask(authSubjects.listApps, asked, { position: position! });
      listed.push(...body.items.map(({ name }) => name));
      cursor = body.nextCursor;
      pages += 1;
    } while (cursor && pages < 10);
    expect(listed).toEqual([...names].reverse());
    expect(pages).toBe(3);
    const others = await (
      await auth.somebody('nobody')
    ).ask<Page<AppView>>(authSubjects.listApps, {}, { position: position! });
    expect(others.body).toEqual({ items: [], nextCursor: null });
    expect(await lister.refusal(authSubjects.listApps, { cursor: 'nonsense' })).toBe('request.invalid');
    expect(await lister.refusal(authSubjects.listApps, { limit: 0 })).toBe('request.invalid');
    expect(await lister.refusal(authSubjects.listApps, {}, { position: '0x1-app' })).toBe('position.invalid');
    expect(await auth.refusal(authSubjects.listApps)).toBe('session.required');
  });
});
