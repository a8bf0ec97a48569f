import { readAhead, readAlready } from './read-ahead';

const origin = 'https://hark.example';
const url = `${origin}/v1/bindings?limit=200`;
const asked = (headers: Record<string, string> = {}, method = 'GET') =>
  new Request(url, { method, headers: { authorization: 'Bearer of-ann', 'accept-language': 'en', ...headers } });

describe('what was asked for before the screens came', () => {
  const browser = globalThis as unknown as Record<string, unknown>;
  const outside = { fetch: browser.fetch, location: browser.location, localStorage: browser.localStorage };
  beforeAll(() => {
    browser.location = { origin, pathname: '/' };
    browser.localStorage = { getItem: () => 'en' };
    browser.fetch = async () => new Response('read ahead');
  });
  afterAll(() => Object.assign(browser, outside));
  beforeEach(() => readAhead('of-ann'));

  it('is handed over once, to a read', async () => {
    expect(readAlready(asked({}, 'DELETE'))).toBeUndefined();
    expect(await (await readAlready(asked()))?.text()).toBe('read ahead');
    expect(readAlready(asked())).toBeUndefined();
  });

  it.each([
    ['somebody who has logged in since', { authorization: 'Bearer of-ben' }],
    ['a screen in another language', { 'accept-language': 'zh-CN' }],
    ['a read that must see what was written', { 'hark-position': 'delivery-12' }],
  ])('is not for %s, nor for anybody after that', (_, headers) => {
    expect(readAlready(asked(headers))).toBeUndefined();
    expect(readAlready(asked())).toBeUndefined();
  });
});
