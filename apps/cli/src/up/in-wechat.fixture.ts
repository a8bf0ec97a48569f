import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Phone, until } from '@hark/testing';
import { Actors, Stage } from '../demo/actors';
import { expecting } from '../demo/http';
import { BuiltMiniProgram, CallingProgram, HackerPassword, harkAppId, shownToDevelopers } from './mini-program.fixture';

/** What the package may weigh, and what the first page may carry to the screen. */
const packageBytesMax = 1_500_000;
const firstSetDataBytesMax = 100_000;

/** The hub as the program in front calls it: what it wrote it sees. */
const hubOf = (phone: Phone) =>
  (phone.program.module('api/hub') as { hub: (...asked: unknown[]) => Promise<unknown> }).hub;

/** The flows of the mini program, on a phone of ours, against the hub that `stage` answers once it runs. */
export function playsInWeChat(stage: () => Stage): void {
  let actors: Actors;
  let mini: BuiltMiniProgram;
  const callers: CallingProgram[] = [];

  beforeAll(async () => {
    actors = new Actors(stage());
    mini = new BuiltMiniProgram(actors);
    await mini.build();
  });
  afterAll(() => {
    mini?.remove();
    for (const caller of callers) caller.remove();
  });

  function calledBy(extraData?: object): CallingProgram {
    const caller = new CallingProgram(extraData);
    callers.push(caller);
    return caller;
  }

  it('weighs little', () => {
    expect(mini.bytes()).toBeLessThan(packageBytesMax);
  });

  it('asks for consent when another program sends its person, and hands back a key that pushes', async () => {
    const openid = actors.newOpenid();
    const caller = calledBy();
    const phone = mini.phone(openid, 'zh_CN', caller.installed);
    await phone.open(caller.appId);
    await phone.tap('ask');
    expect(phone.words()).toContain(`“Hacker密码”想给你发消息\n来自小程序 ${caller.appId}\n`);
    expect(phone.words()).toContain('你在该应用的账号：ha••••01');
    expect(phone.words()).toContain('你可以随时调低强度、免打扰、解绑、拉黑或投诉');
    expect(phone.program.setDataBytes[0]!.bytes).toBeLessThan(firstSetDataBytesMax);
    await phone.choose('弱提醒');
    await phone.tap('同意授权');
    const key = CallingProgram.answer(phone);
    expect(key).toMatch(/^hk_/);
    const line = shownToDevelopers('push').replace('http://localhost:3000', actors.stage.hubUrl).replace('hk_…', key);
    const { stdout } = await promisify(execFile)('sh', ['-euc', `${line.trim()} -sS`]);
    const { token } = await actors.logIn(openid);
    const item = await actors.inboxItem(token, (JSON.parse(stdout) as { id: string }).id);
    expect(item).toMatchObject({ body: '有人查看了你的密码', why: { level: 'weak' } });
    // Asked again, the same consent gives a new key; the former one is dead.
    await phone.tap('ask');
    await phone.choose('弱提醒');
    await phone.tap('同意授权');
    expect(CallingProgram.answer(phone)).not.toBe(key);
    expecting(await actors.hub('POST', '/v1/pushes', { body: { key, body: 'x' } }), 401, 'key.invalid');
  });

  it('lets the example tell its person who looked at a password, until they unbind it', async () => {
    const example = await HackerPassword.start(stage());
    try {
      const phone = mini.phone(actors.newOpenid(), 'zh_CN', example.installed('hacker-000002'));
      await phone.open(HackerPassword.appId);
      await phone.tap('有人查看时提醒我');
      await phone.choose('弱提醒');
      await phone.tap('同意授权');
      expect(phone.words()).toContain('已开启提醒');
      await phone.tap('查看密码');
      expect(phone.words()).toContain('已提醒密码的主人');
      await phone.open(harkAppId, 'pages/inbox/inbox');
      await until(async () => (await phone.pullDown(), phone.words().includes('有人查看了你的密码')), {
        what: 'the push is in the inbox',
      });
      await phone.switchTo('pages/apps/apps');
      await phone.tap('解绑');
      await phone.tap('确认解绑');
      await phone.open(HackerPassword.appId);
      await phone.tap('查看密码');
      expect(phone.words()).toContain('没有提醒：binding.ended');
      expect(phone.words()).toContain('有人查看时提醒我');
    } finally {
      await example.stop();
    }
  });

  it('hands back why not, in words that a developer can act on', async () => {
    const openid = actors.newOpenid();
    const caller = calledBy({ appName: 'Bark Helper', openid: 'u-1' });
    const phone = mini.phone(openid, 'en', caller.installed);
    await phone.open(caller.appId);
    await phone.tap('ask');
    await phone.tap('Decline');
    expect(CallingProgram.answer(phone)).toBe('the person declined');
    // Left meanwhile and opened by hand, it still asks; back goes nothing then, and the page says so.
    await phone.tap('ask');
    await phone.open(harkAppId);
    await phone.tap('Decline');
    expect(phone.words()).toContain('WeChat could not take you back.');
    await phone.open(caller.appId);
    // Blocked by its person, it may ask, and is told.
    await phone.tap('ask');
    await phone.choose('Weak');
    await phone.tap('Agree');
    await phone.open(harkAppId, 'pages/apps/apps');
    await phone.tap('End');
    await phone.tap('End and block');
    await phone.open(caller.appId);
    await phone.tap('ask');
    await phone.choose('Weak');
    await phone.tap('Agree');
    expect(phone.words()).toContain('That did not work');
    await phone.tap('Go back');
    expect(CallingProgram.answer(phone)).toMatch(/^binding\.app-blocked: ./);
    const without = calledBy({ appName: 'Bark Helper' });
    const other = mini.phone(openid, 'en', without.installed);
    await other.open(without.appId);
    await other.tap('ask');
    await other.tap('Go back');
    expect(CallingProgram.answer(other)).toBe(
      'extraData.openid is missing: set it to the openid that your user has in your mini program',
    );
  });

  /** Somebody with an app that is theirs, bound to them. */
  async function bound(name: string) {
    const openid = actors.newOpenid();
    const { token } = await actors.logIn(openid);
    const app = expecting(await actors.hub('POST', '/v1/apps', { token, body: { name } }), 201).body.app!;
    const binding = { appId: app.id, openid: 'me' };
    const { body } = expecting(await actors.hub('POST', '/v1/bindings', { token, body: binding }), 201);
    const push = async (what: object): Promise<string> => {
      const pushed = expecting(await actors.hub('POST', '/v1/pushes', { token: String(body.key), body: what }), 202);
      await actors.inboxItem(token, String(pushed.body.id));
      return String(pushed.body.id);
    };
    return { openid, token, push };
  }

  it('shows the inbox, opens a message, does what it offers, complains, and shows what came of it', async () => {
    const { openid, push } = await bound('报修');
    const actions = [{ id: 'ok', label: '收到' }];
    await push({
      title: '<b>工单</b> 1024',
      body: '工程师\n已出发',
      actions,
      step: { index: 2, of: 6, label: '已出发' },
      thread: 't',
    });
    const phone = mini.phone(openid);
    await phone.open(harkAppId);
    await until(async () => (await phone.pullDown(), phone.words().includes('第 2 步')), { what: 'the step is shown' });
    expect(phone.words()).toMatch(
      /报修\n(今|昨)天 \d\d:\d\d\n●\n<b>工单<\/b> 1024\n工程师\n已出发\n第 2 步，共 6 步 已出发/,
    );
    expect(phone.program.setDataBytes[0]!.bytes).toBeLessThan(firstSetDataBytesMax);
    await phone.tap('<b>工单</b> 1024');
    expect(phone.words()).toContain('你已授权“报修”给你发消息。');
    expect(phone.words()).toContain('没有可用的已验证通道，所以只进了收件箱。');
    await phone.tap('收到');
    await phone.tap('知道了');
    expect(phone.words()).toMatch(/收到（已点）[^]*已确认 (今|昨)天/);
    await phone.tap('收藏');
    await phone.tap('对此应用免打扰');
    expect(phone.words()).toContain('免打扰中');
    await phone.tap('关闭免打扰');
    expect(phone.words()).not.toContain('免打扰中');
    await phone.tap('对此应用免打扰');
    await phone.tap('投诉这条消息');
    await expect(phone.tap('提交投诉')).rejects.toThrow('cannot be touched now');
    await phone.pick('哪里有问题？', '骚扰');
    await phone.tap('提交投诉');
    expect(phone.words()).toContain('已收到你的投诉。');
    await phone.tap('归档');
    await phone.back();
    expect(phone.words()).toContain('还没有消息');
    await phone.tap('已收藏');
    expect(phone.words()).toContain('没有消息。');
    await phone.tap('已归档');
    expect(phone.words()).toContain('<b>工单</b> 1024');
    await phone.switchTo('pages/settings/settings');
    await phone.tap('我的投诉');
    expect(phone.words()).toMatch(/骚扰\n处理中\n/);
  });

  it('formats markdown, has its links to copy, and loads no picture before it is asked for', async () => {
    const { openid, push } = await bound('报修');
    const markdown = [
      '# 工单 1024',
      '**工程师**已出发 &amp; [看路线](https://route.example/1024)',
      '- [x] 派单\n- [ ] 到达\n\n3. 三',
      '| 步骤 | 时间 |\n|---|---|\n| 到达 | `10:00 &amp;` |',
      '![现场](https://pictures.example/a.png) ![旧图](http://pictures.example/b.png)',
      '<img src=x onerror=alert(1)> [点我](javascript:alert(1))',
      '```\n<b>\n```',
    ].join('\n\n');
    await push({ title: '工单', body: '纯文本', markdown, image: 'https://pictures.example/c.png', thread: 't' });
    const phone = mini.phone(openid);
    const pictures = () => JSON.stringify(phone.program.screen()).match(/"src":"[^"]*"/g) ?? [];
    await phone.open(harkAppId);
    await phone.tap('工单');
    const before = phone.words();
    expect(before).toContain('工单 1024\n工程师\n已出发 &\n看路线');
    expect(before).toContain(
      '☑\n派单\n☐\n到达\n三\n步骤\n时间\n到达\n10:00 &amp;\n现场\n![旧图](http://pictures.example/b.png)',
    );
    expect(before).toContain('<img src=x onerror=alert(1)>');
    expect(before).toContain('[点我](javascript:alert(1))\n<b>\n');
    expect(before).toContain('https://route.example/1024\n复制链接\nhttps://pictures.example/a.png\n复制链接');
    expect(before).not.toMatch(/纯文本|^javascript:/m);
    expect(pictures()).toEqual([]);
    await phone.tap('显示图片');
    expect(pictures()).toEqual(['"src":"https://pictures.example/a.png"', '"src":"https://pictures.example/c.png"']);
    expect(phone.words()).not.toContain('显示图片');
    // Made to keep its reader busy, it is shown as it was written; the others of its thread stand below.
    await push({ title: '长', body: 'x', markdown: '*a* '.repeat(3_000), thread: 't' });
    await phone.back();
    await phone.tap('长');
    expect(phone.words()).toContain('*a* *a* *a*');
    await phone.tap('工单');
    expect(phone.words()).toContain('看路线');
    expect(pictures()).toEqual([]);
  });

  it('says of a message which channels it took and what became of it there', async () => {
    const { openid, token, push } = await bound('报修');
    await actors.addPhone(token);
    const id = await push({ body: '工程师已出发' });
    const isSent = async () =>
      JSON.stringify((await actors.hub('GET', `/v1/inbox/${id}`, { token })).body).includes('"sent"');
    await until(isSent, { what: 'the phone took it' });
    const phone = mini.phone(openid);
    await phone.open(harkAppId);
    await phone.tap('工程师已出发');
    expect(phone.words()).toContain('消息同时发到了你的通道。\nBark（iPhone）：已送出。');
  });

  it('makes an app quieter, mutes it, ends it and lifts a block', async () => {
    const { openid } = await bound('Repairs');
    const phone = mini.phone(openid, 'en');
    await phone.open(harkAppId, 'pages/apps/apps');
    await phone.choose('Weak');
    expect(phone.words()).toContain('Into the inbox only: nothing rings.');
    await phone.tap('For an hour');
    expect(phone.words()).toContain('Muted until');
    await phone.tap('Unmute');
    expect(phone.words()).toContain('Until I lift it');
    await phone.tap('End');
    expect(phone.words()).toContain('“Repairs” can then reach you only if you agree again.');
    await phone.tap('Cancel');
    await phone.tap('End');
    await phone.tap('End and block');
    expect(phone.words()).toContain('Repairs\nBlocked');
    await phone.tap('Unblock');
    expect(phone.words()).toContain('The app may ask you again.');
  });

  it('asks WeChat for reminders on a touch, counts them, and takes other channels', async () => {
    const openid = actors.newOpenid();
    const phone = mini.phone(openid);
    await phone.open(harkAppId, 'pages/channels/channels');
    phone.acceptsReminders = false;
    await phone.tap('用微信提醒我');
    expect(phone.words()).toContain('你没有允许微信提醒');
    phone.acceptsReminders = true;
    await phone.tap('用微信提醒我');
    expect(phone.words()).toMatch(/微信\n待验证/);
    const messages = await actors.arrivals(`/control/wechat/subscribe-messages?openid=${openid}`, 1);
    await phone.type('通道收到的验证码', /\b\d{6}\b/.exec(JSON.stringify(messages[0]!.data))![0]);
    await phone.tap('验证');
    expect(phone.words()).toMatch(/微信\n已验证/);
    await phone.tap('再允许一次');
    await phone.tap('再允许一次');
    expect(phone.words()).toContain('还可提醒 2 次');
    await phone.pullDown();
    expect(phone.words()).toContain('还可提醒 2 次');
    const address = `mini-${openid}@example.com`;
    await phone.type('地址', address);
    await phone.tap('添加');
    const [mail] = await actors.mailbox(address, 1);
    await phone.type('通道收到的验证码', /\b\d{6}\b/.exec(JSON.stringify(mail))![0]);
    await phone.tap('验证');
    expect(phone.words()).not.toContain('待验证');
  });

  it('keeps language, zone, quiet hours and how often it rings, and ends other sessions', async () => {
    const openid = actors.newOpenid();
    await actors.logIn(openid);
    const phone = mini.phone(openid);
    await phone.open(harkAppId, 'pages/settings/settings');
    await phone.pick('消息与邮件的语言', 'English');
    await phone.type('Name', 'Ann');
    await phone.pick('Time zone', 'Europe/Berlin');
    await phone.tap('Add quiet hours');
    await phone.choose('Sun');
    await phone.pick('From', '23:30');
    await phone.pick('Messages ring', 'together, once a day');
    await phone.pick('At', '07:30');
    await phone.tap('Save');
    expect(phone.words()).toContain('Saved.');
    expect(await hubOf(phone)('get', '/v1/me', {})).toMatchObject({
      displayName: 'Ann',
      locale: 'en',
      timeZone: 'Europe/Berlin',
      quietHours: [{ days: [1, 2, 3, 4, 5, 6], from: '23:30', to: '07:00', mode: 'defer' }],
      digest: { every: 'day', at: '07:30' },
    });
    await phone.tap('Log out there');
    expect(phone.words().match(/This one/g)).toHaveLength(1);
    expect(phone.words()).not.toContain('Log out there');
    // The language is kept on the phone.
    phone.close(harkAppId);
    await phone.open(harkAppId, 'pages/bind/app');
    expect(phone.words()).toContain('Opened by another mini program');
  });

  it("asks whether WeChat's session lives only before encrypted data is used", async () => {
    const phone = mini.phone(actors.newOpenid());
    await phone.open(harkAppId, 'pages/settings/settings');
    expect(phone.log.checks).toBe(0);
    phone.sessionKeys.clear();
    await phone.tap('使用微信昵称');
    expect(phone.words()).toContain('请再点一次');
    expect(phone.log).toMatchObject({ logIns: 2, checks: 1 });
    await phone.tap('使用微信昵称');
    expect(phone.words()).toContain('微信用户');
    expect(phone.log).toMatchObject({ logIns: 2, checks: 2 });
  });

  it('lets a browser in that was scanned, having said which one and from where', async () => {
    const userAgent =
      'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
    const asked = expecting(
      await actors.hub('POST', '/v1/device-authorizations', { headers: { 'user-agent': userAgent } }),
      201,
    ).body;
    const phone = mini.phone(actors.newOpenid());
    await phone.open(harkAppId, 'pages/device/device');
    phone.code = 'https://example.com/';
    await phone.tap('扫码登录浏览器');
    expect(phone.words()).toContain('这不是 Hark 的登录码');
    phone.code = String(asked.verificationUriComplete);
    await phone.tap('扫码登录浏览器');
    expect(phone.words()).toMatch(/Chrome 131[^]*来自 [\d.:a-f/]+\n/);
    expect(phone.words()).toContain(String(asked.userCode));
    await phone.tap('同意登录');
    expect(phone.words()).toContain('已登录。');
    const body = { provider: 'device', deviceCode: asked.deviceCode };
    expecting(await actors.hub('POST', '/v1/sessions', { body }), 201);
    // WeChat's own scanner hands the address over.
    const next = expecting(await actors.hub('POST', '/v1/device-authorizations'), 201).body;
    await phone.open(harkAppId, 'pages/device/device', { q: encodeURIComponent(String(next.verificationUriComplete)) });
    await phone.tap('拒绝');
    expect(phone.words()).toContain('已拒绝');
  });

  it('logs in once for all calls that find the session ended, and asks WeChat nothing else', async () => {
    const openid = actors.newOpenid();
    const phone = mini.phone(openid);
    await phone.open(harkAppId);
    expect(phone.log).toMatchObject({ logIns: 1, checks: 0 });
    // What is stored is enough for the next start.
    phone.close(harkAppId);
    await phone.open(harkAppId);
    expect(phone.log).toMatchObject({ logIns: 1, checks: 0 });
    /** More at once than WeChat carries. */
    const twelveCalls = () => Promise.all(Array.from({ length: 12 }, () => hubOf(phone)('get', '/v1/me', {})));
    const stored = phone.storageOf(harkAppId);
    const held = () => JSON.parse(String(stored.get('hark.session'))) as { refreshToken: string };
    const restartWith = async (session: object) => {
      stored.set('hark.session', JSON.stringify({ ...held(), ...session }));
      phone.close(harkAppId);
      await phone.open(harkAppId, 'pages/bind/app');
      phone.log.requests.splice(0);
    };
    const refreshes = () => phone.log.requests.filter(({ url }) => url.endsWith('/v1/sessions/refresh')).length;
    // An access token that is over: one refresh.
    await restartWith({ expiresAtMs: 0 });
    await twelveCalls();
    expect([phone.log.logIns, refreshes()]).toEqual([1, 1]);
    // One that the hub takes no more, of a session that has ended: twelve find out, one logs in.
    await hubOf(phone)('delete', '/v1/sessions/current', {});
    await restartWith({ accessToken: 'over' });
    await twelveCalls();
    expect([phone.log.logIns, refreshes(), phone.log.checks]).toEqual([2, 1, 0]);
  });

  it('says what the page is for when nobody called, and asks nobody to log in for that', async () => {
    const phone = mini.phone(actors.newOpenid(), 'en');
    await phone.open(harkAppId, 'pages/bind/app');
    expect(phone.words()).toContain('this page asks whether that program may send you messages');
    expect(phone.log).toMatchObject({ logIns: 0, requests: [] });
  });
}
