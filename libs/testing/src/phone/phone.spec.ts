import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Phone } from './phone';

const appId = 'wx0000000000000001';

describe('the phone is no better than WeChat', () => {
  let server: Server;
  let url: string;
  const folders: string[] = [];
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(404).end('{"no":1}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A program of one page. */
  async function opened(page: string, wxml: string, domains = [url], worker = ''): Promise<Phone> {
    const folder = mkdtempSync(join(tmpdir(), 'hark-phone-'));
    folders.push(folder);
    writeFileSync(join(folder, 'app.json'), '{"pages": ["page"], "workers": "workers"}');
    mkdirSync(join(folder, 'workers'));
    writeFileSync(join(folder, 'workers/one.js'), worker);
    writeFileSync(join(folder, 'app.js'), 'App({})');
    writeFileSync(join(folder, 'page.js'), page);
    writeFileSync(join(folder, 'page.wxml'), wxml);
    const phone = new Phone({ sandboxUrl: url, programs: { [appId]: { folder, openid: 'o', domains } } });
    await phone.open(appId);
    return phone;
  }

  it.each([
    ['a PATCH', `method: 'PATCH'`, 'request:fail method PATCH is not known'],
    ['an address that nobody listed', `url: 'http://127.0.0.1:1/'`, 'request:fail url not in domain list'],
    ['a status of any kind', '', 'success 404 {"no":1}'],
  ])('%s is answered as WeChat answers it', async (_, option, said) => {
    const page = `Page({ data: { said: '' }, onLoad() { wx.request({ url: '${url}/', ${option},
      success: ({ statusCode, data }) => this.setData({ said: 'success ' + statusCode + ' ' + JSON.stringify(data) }),
      fail: ({ errMsg }) => this.setData({ said: errMsg }) }) } })`;
    expect((await opened(page.replace(', ,', ','), '<view>{{said}}</view>')).words()).toBe(said);
  });

  it('carries ten calls at once and fails the eleventh', async () => {
    const page = `Page({ data: { failed: [] }, onLoad() { for (let n = 0; n < 11; n += 1) wx.request({ url: '${url}/',
      fail: ({ errMsg }) => this.setData({ failed: [...this.data.failed, errMsg] }) }) } })`;
    const phone = await opened(page, '<view wx:for="{{failed}}" wx:key="*this">{{item}}</view>');
    expect(phone.words()).toBe('request:fail exceed max task count');
  });

  it('has the language and nothing of browsers or of Node', async () => {
    const names = ['fetch', 'URL', 'Intl', 'process', 'window', 'Buffer', 'TextEncoder'];
    const page = `Page({ data: { has: ${JSON.stringify(names)}.filter((name) => name in globalThis).join() } })`;
    expect((await opened(page, '<view>has {{has}}</view>')).words()).toBe('has');
  });

  it.each([
    ['a call', '<view>{{name.trim()}}</view>', 'is more than WXML can'],
    ['newer syntax', '<view>{{name?.length}}</view>', 'is more than WXML can'],
    ['a name that the data does not have', '<view>{{nobody}}</view>', 'nobody is not defined'],
    ['an unknown component', '<div>x</div>', 'no component of this name'],
    ['a handler that the page does not have', '<view bind:tap="gone">x</view>', 'the page has no gone'],
    ['a list without keys', '<view wx:for="{{list}}">x</view>', 'wx:for without wx:key'],
    ['a tag that does not end', '<view><text>x</view>', '</text> is missing'],
  ])('%s in WXML throws', async (_, wxml, message) => {
    const phone = await opened(`Page({ data: { name: 'x', list: [1] } })`, wxml);
    expect(() => phone.words()).toThrow(message);
  });

  it.each([
    ['an element', `[{ name: 'script' }]`, 'rich-text does not draw <script>'],
    ['an attribute', `[{ name: 'img', attrs: { onerror: 'x' } }]`, 'rich-text drops onerror of <img>'],
  ])('%s that rich-text does not trust throws', async (_, nodes, message) => {
    const phone = await opened(`Page({ data: { nodes: ${nodes} } })`, '<rich-text nodes="{{nodes}}" />');
    expect(() => phone.words()).toThrow(message);
  });

  it('draws a rich-text, whose texts are decoded and whose insides nothing touches', async () => {
    const nodes = `[{ name: 'p', children: [{ type: 'text', text: 'a &lt; &#20013;' }] }]`;
    const phone = await opened(`Page({ data: { nodes: ${nodes} } })`, '<rich-text nodes="{{nodes}}" />');
    expect(phone.words()).toBe('a < 中');
    await expect(phone.tap('a < 中')).rejects.toThrow('nothing reacts');
  });

  it('runs one worker at a time, which has no wx and loads nothing from outside its folder', async () => {
    const page = `Page({ data: { said: '' }, onLoad() {
      const worker = wx.createWorker('workers/one.js');
      try { wx.createWorker('workers/one.js') } catch ({ message }) { this.setData({ said: message }) }
      return new Promise((done) => {
        worker.onError(({ message }) => { this.setData({ error: message }); done() });
        worker.onMessage((given) => { this.setData({ given }); worker.postMessage({ load: true }) });
        worker.postMessage({ n: 1 });
      }) } })`;
    const one = `worker.onMessage(({ n, load }) => { if (load) require('../page'); worker.postMessage({ n: n + 1, wx: typeof wx }) })`;
    const phone = await opened(page, '<view>{{said}} {{given.n}} {{given.wx}} {{error}}</view>', [url], one);
    expect(phone.words()).toBe(
      'createWorker:fail exceed max concurrent worker limit 2 undefined Error: workers/one.js: a worker loads files of its folder, not ../page',
    );
  });

  it('takes no undefined and no function to the screen, and counts what is taken', async () => {
    const page = (value: string) => `Page({ data: { x: '' }, onLoad() { this.setData({ x: ${value} }) } })`;
    await expect(opened(page('undefined'), '<view></view>')).rejects.toThrow('setData of undefined: x');
    await expect(opened(page('() => 1'), '<view></view>')).rejects.toThrow('setData of a function');
    const phone = await opened(page(`'工单'`), '<view>{{x}}</view>');
    expect(phone.program.setDataBytes).toEqual([{ route: 'page', bytes: 14 }]);
  });
});
