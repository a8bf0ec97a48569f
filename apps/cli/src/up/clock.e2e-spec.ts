import { createCipheriv, randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Actors } from '../demo/actors';
import { call, expecting, Json } from '../demo/http';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { seen } from '../demo/wait';
import { HubProcess } from './hub-process';
import { harkAppId } from './mini-program.fixture';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const weekMs = 7 * 24 * hourMs;
const testTimeoutMs = 120_000;
const sentWithinMs = 60_000;

/** Somebody with a phone who has bound an app. */
interface Reader {
  readonly token: string;
  readonly openid: string;
  /** Of the binding. */
  readonly key: string;
  /** Of the app. */
  readonly secret: string;
  readonly bindingId: string;
  readonly deviceKey: string;
}

const actorsOn = ({ url, sandboxUrl }: HubProcess) => new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });

async function readers(actors: Actors, names: readonly string[]): Promise<Reader[]> {
  const { token: owner } = await actors.logIn(actors.newOpenid());
  const app = expecting(await actors.hub('POST', '/v1/apps', { token: owner, body: { name: '实施派单' } }), 201);
  const secret = String(app.body.secret);
  const one = async (openid: string): Promise<Reader> => {
    const { token } = await actors.logIn(actors.newOpenid());
    const deviceKey = await actors.addPhone(token);
    const body = { appId: app.body.app?.id, openid };
    const { body: bound } = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
    const bindingId = String((bound.binding as unknown as Json).id);
    const confirm = `/v1/apps/${body.appId}/bindings/${bindingId}/confirm`;
    expecting(await actors.hub('POST', confirm, { token: secret, body: { openid } }), 200);
    return { token, openid, deviceKey, secret, key: String(bound.key), bindingId };
  };
  return Promise.all(names.map(one));
}

const scheduled = async (actors: Actors, { key }: Reader, atMs: number): Promise<string> => {
  const body = { title: '实施', body: '明天上午九点上门实施', sendAt: new Date(atMs).toISOString() };
  const pushed = expecting(await actors.hub('POST', '/v1/pushes', { token: key, body }), 202);
  expect(pushed.body.status).toBe('scheduled');
  return String(pushed.body.id);
};
/** A push as its sender sees it. */
interface Told {
  readonly status: string;
  readonly reason?: string;
  readonly timeline: readonly { readonly event: string; readonly at: string }[];
}

const push = async (actors: Actors, { key }: Reader, id: string) =>
  expecting(await actors.hub('GET', `/v1/pushes/${id}`, { token: key }), 200).body as unknown as Told;
const ended = (actors: Actors, reader: Reader, id: string) =>
  seen(
    `push ${id} has ended`,
    async () => {
      const told = await push(actors, reader, id);
      return told.timeline.some(({ event }) => event === 'delivery.finished') ? told : undefined;
    },
    sentWithinMs,
  );
const firings = ({ timeline }: Told) =>
  timeline.flatMap(({ event, at }) => (event === 'message.fired' ? [Date.parse(at)] : []));

/** What WeChat encrypts for a mini program under somebody's session_key (WeChat docs: signature and decryption of user data). */
function encrypted(openId: string, sessionKey: string, atMs: number): { encryptedData: string; iv: string } {
  const iv = randomBytes(16);
  const watermark = { appid: harkAppId, timestamp: Math.floor(atMs / 1_000) };
  const plain = JSON.stringify({ openId, nickName: 'Band', gender: 1, avatarUrl: 'https://wx.example/0', watermark });
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv);
  const encryptedData = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  return { encryptedData, iv: iv.toString('base64') };
}

describe('a hub whose clock goes on faster than others', () => {
  let home: HubHome;
  let hub: HubProcess;
  let file: string;
  let aheadMs = 0;
  beforeAll(async () => {
    home = await hubHome();
    file = join(home.env.HARK_HOME!, 'ahead');
    const clock = join(home.env.HARK_HOME!, 'clock.cjs');
    writeFileSync(clock, preload);
    writeFileSync(file, '0');
    Object.assign(home.env, { NODE_OPTIONS: `--require ${clock}`, AHEAD_FILE: file });
    hub = await home.start();
  }, testTimeoutMs);
  afterAll(() => home.remove());

  /** Loaded before the hub's own code: its clock is as far ahead as the file says, which it reads again when told. */
  const preload = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const ahead = () => Number(readFileSync(process.env.AHEAD_FILE, 'utf8'));
    const Present = Date;
    let aheadMs = ahead();
    if (require('node:worker_threads').isMainThread)
      process.on('SIGUSR2', () => {
        aheadMs = ahead();
        writeFileSync(process.env.AHEAD_FILE + '.seen', String(aheadMs));
      });
    globalThis.Date = class Date extends Present {
      constructor(...of) { super(...(of.length > 0 ? of : [Date.now()])); }
      static now() { return Present.now() + aheadMs; }
    };`;
  const nowMs = () => Date.now() + aheadMs;
  const setAhead = (ms: number) => writeFileSync(file, String((aheadMs = ms)));
  /** A request that is under way while the clock jumps is signed before and checked after, which makes it stale. */
  const pass = async (ms: number) => {
    setAhead(aheadMs + ms);
    process.kill(hub.pid, 'SIGUSR2');
    const read = () => existsSync(`${file}.seen`) && readFileSync(`${file}.seen`, 'utf8') === String(aheadMs);
    await seen('the clock of the hub has been set', () => Promise.resolve(read() || undefined));
  };

  it(
    'scenario 2: Implementation a week later: reaches its reader once, at its time, after restarts; not at all who has unbound',
    async () => {
      const [ann, bob] = (await readers(actorsOn(hub), ['ann', 'bob'])) as [Reader, Reader];
      const atMs = Math.ceil(nowMs() / 1_000) * 1_000 + weekMs;
      const forAnn = await scheduled(actorsOn(hub), ann, atMs);
      const forBob = await scheduled(actorsOn(hub), bob, atMs);
      const unbound = await actorsOn(hub).hub('DELETE', `/v1/bindings/${bob.bindingId}`, { token: bob.token });
      expect(unbound.status).toBe(204);
      await hub.stop();
      setAhead(aheadMs + weekMs - hourMs);
      hub = await home.start();
      const actors = actorsOn(hub);
      for (const [reader, id] of [[ann, forAnn] as const, [bob, forBob] as const])
        expect((await push(actors, reader, id)).status).toBe('scheduled');

      await pass(atMs - nowMs());
      const [told, refused] = [await ended(actors, ann, forAnn), await ended(actors, bob, forBob)];
      expect([told.status, refused.status, refused.reason]).toEqual(['delivered', 'suppressed', 'unbound']);
      for (const one of [told, refused]) {
        expect(firings(one)).toHaveLength(1);
        expect(firings(one)[0]).toBeGreaterThanOrEqual(atMs);
      }
      const shown = [await actors.phoneNow(ann.deviceKey), await actors.phoneNow(bob.deviceKey)];
      expect(shown).toEqual([1, 0]);
    },
    testTimeoutMs,
  );

  it(
    'scenario 3: Reminded several times: every two minutes until somebody acknowledges, and then the supervisor',
    async () => {
      const actors = actorsOn(hub);
      const [silent, knower, supervisor] = (await readers(actors, ['silent', 'knower', 'supervisor'])) as [
        Reader,
        Reader,
        Reader,
      ];
      const send = async ({ openid, secret }: Reader) => {
        const follow = {
          repeat: { every: 'PT2M', times: 6, until: 'acknowledged' },
          escalate: [{ after: 'PT7M', openid: 'supervisor' }],
        };
        const body = { openid, title: '派单', body: `请处理工单 ${openid}`, ...follow };
        const { body: pushed } = expecting(await actors.hub('POST', '/v1/pushes', { token: secret, body }), 202);
        return String(pushed.id);
      };
      const rings = async ({ deviceKey }: Reader, least: number) =>
        (await actors.phone(deviceKey, least)).filter(({ body }) => /工单/.test(String(body)));
      const [unanswered, answered] = [await send(silent), await send(knower)];
      await ended(actors, silent, unanswered);
      await ended(actors, knower, answered);
      // Both phones have had the code of their challenge.
      await Promise.all([rings(silent, 2), rings(knower, 2)]);
      await pass(2 * minuteMs);
      await Promise.all([rings(silent, 3), rings(knower, 3)]);
      const acknowledge = (reader: Reader, id: string) =>
        actors.hub('POST', `/v1/inbox/${id}/acknowledge`, { token: reader.token });
      expect((await acknowledge(knower, answered)).status).toBeLessThan(300);
      for (const least of [4, 5]) {
        await pass(2 * minuteMs);
        await rings(silent, least);
      }
      await pass(minuteMs);
      const [passedOn] = await rings(supervisor, 2);
      expect(passedOn).toMatchObject({ body: '请处理工单 silent' });
      const item = await seen('the message is in the inbox of the supervisor', async () => {
        const { body } = expecting(await actors.hub('GET', '/v1/inbox', { token: supervisor.token }), 200);
        return (body.items as unknown as Json[])[0];
      });
      expect((await acknowledge(supervisor, String(item.id))).status).toBeLessThan(300);

      // What is due after the acknowledgement shows that the schedule has looked, and told nobody again.
      const witness = await scheduled(actors, silent, nowMs() + 5 * minuteMs);
      await pass(5 * minuteMs);
      await ended(actors, silent, witness);
      const counts = [silent, knower, supervisor].map(async (reader) => (await rings(reader, 1)).length);
      expect(await Promise.all(counts)).toEqual([4, 2, 1]);
      expect((await push(actors, silent, unanswered)).timeline.map(({ event }) => event)).toContain(
        'delivery.acknowledged',
      );
      // One message each, however often it was said.
      for (const reader of [silent, knower]) {
        const inbox = expecting(await actors.hub('GET', '/v1/inbox', { token: reader.token }), 200).body;
        expect((inbox.items as unknown as Json[]).filter((one) => /工单/.test(String(one.body)))).toHaveLength(1);
      }
    },
    testTimeoutMs,
  );

  it(
    'scenario 7: 登录态: ten calls with an expired token end in one log-in; the session_key and the session have their age',
    async () => {
      const actors = actorsOn(hub);
      const openid = actors.newOpenid();
      const sessionKey = randomBytes(16).toString('base64');
      const minted = await call(actors.stage.sandboxUrl, 'POST', '/control/wechat/codes', {
        body: { openid, sessionKey },
      });
      const logIn = { provider: 'wechat', code: expecting(minted, 200).body.code };
      let session = expecting(await actors.hub('POST', '/v1/sessions', { body: logIn }), 201).body;
      const me = (token: unknown) => actors.hub('GET', '/v1/me', { token: String(token) });
      const refresh = () =>
        actors.hub('POST', '/v1/sessions/refresh', { body: { refreshToken: session.refreshToken } });
      const profile = (data: object) =>
        actors.hub('POST', '/v1/me/wechat-profile', { token: String(session.accessToken), body: data });

      // An openid says who somebody is to WeChat, and is nobody's word for anything.
      expect((await me(openid)).status).toBe(401);
      expect(expecting(await profile(encrypted(openid, sessionKey, nowMs())), 200).body).toMatchObject({
        nickName: 'Band',
      });
      expecting(await profile(encrypted(openid, randomBytes(16).toString('base64'), nowMs())), 422, 'wechat.decrypt');

      await pass(16 * minuteMs);
      const calls = await Promise.all(Array.from({ length: 10 }, () => me(session.accessToken)));
      expect(calls.map(({ status }) => status)).toEqual(Array(10).fill(401));
      const pairs = (await Promise.all(Array.from({ length: 10 }, refresh))).map((one) => expecting(one, 200).body);
      expect(new Set(pairs.map(({ refreshToken }) => String(refreshToken))).size).toBe(1);
      session = pairs[0]!;
      expecting(await me(session.accessToken), 200);

      // Used every day and a half the session lives on; the session_key is three days old by then.
      for (let twice = 0; twice < 2; twice += 1) {
        await pass(36 * hourMs);
        session = expecting(await refresh(), 200).body;
      }
      expecting(await me(session.accessToken), 200);
      expecting(await profile(encrypted(openid, sessionKey, nowMs())), 409, 'wechat.session-expired');
      await pass(49 * hourMs);
      expect((await refresh()).status).toBe(401);
    },
    testTimeoutMs,
  );
});

const [libfaketime] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
if (libfaketime === undefined)
  console.warn('clock.e2e-spec: skipped what needs libfaketime; Debian has it: apt-get install faketime');

(libfaketime === undefined ? describe.skip : describe)('a hub whose clock is set, all processes of it', () => {
  let home: HubHome;
  let hub: HubProcess;
  let file: string;
  beforeAll(async () => {
    home = await hubHome();
    file = join(home.env.HARK_HOME!, 'faketime');
    writeFileSync(file, '+0');
    Object.assign(home.env, {
      LD_PRELOAD: libfaketime,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Durations are measured by it: no jump of the wall clock may move them.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    hub = await home.start();
  }, testTimeoutMs);
  afterAll(() => home.remove());

  /** Sets the clock that far ahead of the true time. */
  const setAhead = (ms: number) => writeFileSync(file, `+${ms / 1_000}`);

  it(
    'fires each push once and not before its time, an hour forward, five minutes back and into another year',
    async () => {
      const actors = actorsOn(hub);
      const [ann] = (await readers(actors, ['ann'])) as [Reader];
      const begunMs = Date.now();
      const due = (aheadMs: number) => scheduled(actors, ann, begunMs + aheadMs);
      const inAnHour = await due(hourMs);
      const inTwo = await due(2 * hourMs);

      setAhead(hourMs);
      const atOne = await ended(actors, ann, inAnHour);
      setAhead(hourMs - 5 * minuteMs);
      // Due a moment after the clock was set back, which is before what has been fired.
      const between = await due(hourMs - 4.5 * minuteMs);
      setAhead(hourMs - 4 * minuteMs);
      const atBetween = await ended(actors, ann, between);
      expect((await push(actors, ann, inTwo)).status).toBe('scheduled');

      const newYearMs = Date.UTC(new Date(begunMs).getUTCFullYear() + 1, 0, 1);
      const atNewYear = await scheduled(actors, ann, newYearMs);
      setAhead(newYearMs - begunMs - minuteMs);
      const atTwo = await ended(actors, ann, inTwo);
      expect((await push(actors, ann, atNewYear)).status).toBe('scheduled');
      setAhead(newYearMs - begunMs);
      const inNewYear = await ended(actors, ann, atNewYear);

      const times = [begunMs + hourMs, begunMs + hourMs - 4.5 * minuteMs, begunMs + 2 * hourMs, newYearMs];
      for (const [index, one] of [atOne, atBetween, atTwo, inNewYear].entries()) {
        expect(one.status).toBe('delivered');
        expect(firings(one)).toHaveLength(1);
        expect(firings(one)[0]).toBeGreaterThanOrEqual(times[index]!);
      }
      // The four, and the code with which the phone was added.
      expect(await actors.phoneNow(ann.deviceKey)).toBe(5);
    },
    testTimeoutMs,
  );
});
