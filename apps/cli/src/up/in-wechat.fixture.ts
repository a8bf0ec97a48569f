import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Actors, Stage } from '../demo/actors';
import { expecting } from '../demo/http';
import { BuiltMiniProgram, CallingProgram, harkAppId, shownToDevelopers } from './mini-program.fixture';

/** What the package may weigh, and what the first page may carry to the screen. */
const packageBytesMax = 1_500_000;
const firstSetDataBytesMax = 100_000;

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
    await phone.tap('同意授权');
    expect(CallingProgram.answer(phone)).not.toBe(key);
    expecting(await actors.hub('POST', '/v1/pushes', { body: { key, body: 'x' } }), 401, 'key.invalid');
  });

  it('hands back why not, in words that a developer can act on', async () => {
    const openid = actors.newOpenid();
    const caller = calledBy({ appName: 'Bark Helper', openid: 'u-1' });
    const phone = mini.phone(openid, 'en', caller.installed);
    await phone.open(caller.appId);
    await phone.tap('ask');
    await phone.tap('Decline');
    expect(CallingProgram.answer(phone)).toBe('the person declined');
    // Blocked by its person, it may ask, and is told.
    await phone.tap('ask');
    await phone.tap('Agree');
    const { token } = await actors.logIn(openid);
    const { body } = expecting(await actors.hub('GET', '/v1/bindings', { token }), 200);
    const [binding] = body.items as unknown as { id: string }[];
    expecting(await actors.hub('DELETE', `/v1/bindings/${binding!.id}?block=true`, { token }), 204);
    await phone.tap('ask');
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

  it('says what the page is for when nobody called, and asks nobody to log in for that', async () => {
    const phone = mini.phone(actors.newOpenid(), 'en');
    await phone.open(harkAppId, 'pages/bind/app');
    expect(phone.words()).toContain('this page asks whether that program may send you messages');
    expect(phone.log).toMatchObject({ logIns: 0, requests: [] });
  });
}
