import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEventStoreInWorker } from '@hark/embedded-eventstore';
import { Disposables } from '@hark/kernel';
import { Door, doorTo, until } from '@hark/testing';
import { BarkStream } from '../bench/bark-stream';
import { familyUsage } from '../bench/usage';
import { Actors } from '../demo/actors';
import { call, expecting, Json } from '../demo/http';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, inboxOf } from '../demo/load.fixture';
import { ConsentLane } from './consent-lane.fixture';
import { ConsentRecord, Withdrawal } from './consent-record.fixture';
import { HubProcess } from './hub-process';
import { readRunFile } from './run-file';
import { readSettings } from './settings';

/** HARK_ROUNDS=50000 for the long run. */
const rounds = Number(process.env.HARK_ROUNDS ?? 30);
const isLong = rounds >= 200;
const lanes = isLong ? 32 : 8;
/** Between two cuts of every connection to the event store; each so many cuts a service is killed as well. */
const cutMs = isLong ? [2_000, 8_000] : [1_500, 2_500];
const cutsPerKill = isLong ? 5 : 3;
const killed = ['intake', 'delivery'];
/** How many states of a category a service remembers; fewer than lanes, so that they are lost and read again. */
const remembered = 3;
const pushesEach = 8;
/** HARK_DELIVERY_KILLS=100 for the long run. */
const deliveryKills = Number(process.env.HARK_DELIVERY_KILLS ?? 1);
const resumedWithinMs = deliveryKills > 20 ? 360_000 : 60_000;
const deliveryTestTimeoutMs = 60_000 + deliveryKills * 60_000;
const startTimeoutMs = 120_000;
const testTimeoutMs = isLong ? 3_600_000 : 180_000;

describe('a hub with two processes of intake and of delivery', () => {
  const started = new Disposables();
  let home: HubHome;
  let hub: HubProcess;
  let door: Door;
  let actors: Actors;
  beforeAll(async () => {
    ({ home, hub, door } = await startHub());
    actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
  }, startTimeoutMs);
  afterAll(() => started.close());

  it(
    'goes on when one of each is killed, and has two again',
    async () => {
      const running = () => ['intake', 'delivery', 'auth'].map((name) => pidsOf(hub.pid, name).length);
      expect(running()).toEqual([2, 2, 1]);
      const { healthUrl } = readRunFile(readSettings(home.env));
      const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
      for (const replica of ['delivery-1', 'delivery-2'])
        expect(metrics).toMatch(new RegExp(`^hark_reactions_processed_total\\{.*replica="${replica}"\\} \\d+$`, 'm'));

      const [reader] = await bindReaders(actors, 1);
      const accepted: string[] = [];
      const push = async (): Promise<boolean> => {
        const { status, body } = await call(hub.url, 'POST', '/v1/pushes', {
          token: reader!.key,
          body: { body: '在' },
        });
        if (status === 202) accepted.push(String(body.id));
        return status === 202;
      };
      for (let sent = 0; sent < pushesEach; sent += 1) expect(await push()).toBe(true);
      for (const name of killed) process.kill(pidsOf(hub.pid, name)[0]!, 'SIGKILL');
      // Only a request that was with the killed one may be refused.
      while (accepted.length < 2 * pushesEach) await until(push, { what: 'a push is accepted' });
      await until(async () => (await inboxOf(actors, reader!)).length === accepted.length, { what: 'all are filed' });
      expect((await inboxOf(actors, reader!)).sort()).toEqual(accepted.sort());
      const ready = async () => (await fetch(`${healthUrl}/readyz`)).ok;
      await until(ready, { what: 'both replicas are back' });
      expect(running()).toEqual([2, 2, 1]);
    },
    testTimeoutMs,
  );

  it(
    'answers where it did before when its gateway is killed, also on a port that was any free one',
    async () => {
      const [killedOne] = pidsOf(hub.pid, 'gateway');
      process.kill(killedOne!, 'SIGKILL');
      const answers = async () => (await fetch(`${hub.url}/openapi.json`).catch(() => undefined))?.ok;
      const isBack = async () => pidsOf(hub.pid, 'gateway').some((pid) => pid !== killedOne) && (await answers());
      await until(isBack, { what: 'the gateway answers again', deadlineMs: 60_000 });
    },
    testTimeoutMs,
  );

  it(
    'holds to a withdrawal of consent from its answer on, in every replica, whatever breaks meanwhile',
    async () => {
      const record = new ConsentRecord();
      const stream = started.add(await BarkStream.open(hub.sandboxUrl));
      stream.listen(({ body }) => record.heard(body ?? ''));
      const all = await Promise.all(Array.from({ length: lanes }, () => ConsentLane.open(actors, record)));

      const trouble = { over: false, cuts: 0, kills: 0 };
      const troubled = makeTrouble(trouble, door, hub.pid);
      let left = rounds;
      const began = performance.now();
      const run = async (lane: ConsentLane): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await lane.round(randomKind());
        }
      };
      const ended = await Promise.allSettled(all.map(run));
      const seconds = Math.round((performance.now() - began) / 1_000);
      trouble.over = true;
      await troubled;
      for (const end of ended) if (end.status === 'rejected') throw end.reason;

      const muted: Record<string, number> = {};
      for (const outcomes of await Promise.all(all.map((lane) => lane.outcomes())))
        for (const [outcome, count] of Object.entries(outcomes)) muted[outcome] = (muted[outcome] ?? 0) + count;
      // A later withdrawal may have refused what was accepted while muted; nothing else may have become of it.
      const { muted: _, 'blocked-by-user': _blocked, 'app-suspended': _suspended, ...wrongly } = muted;
      expect([record.wronglyAccepted, record.wronglyRang, wrongly]).toEqual([[], [], {}]);
      // In a few rounds it may be that every withdrawal came before the ring.
      if (isLong) expect(record.rang).toBeGreaterThan(0);
      expect(trouble.cuts).toBeGreaterThan(0);
      const { total, rang, meanwhile, after } = record;
      if (process.env.HARK_ROUNDS)
        console.info(JSON.stringify({ seconds, total, ...record.rounds, meanwhile, after, muted, rang, ...trouble }));
    },
    testTimeoutMs,
  );

  it(
    'ends what was sent, once on the phone and in the inbox, when delivery is killed before it has written it down',
    async () => {
      const owner = await actors.logIn(actors.newOpenid());
      const registered = await actors.hub('POST', '/v1/apps', { token: owner.token, body: { name: '派单' } });
      const appId = registered.body.app?.id;
      for (let round = 0; round < deliveryKills; round += 1) {
        const { token } = await actors.logIn(actors.newOpenid());
        const deviceKey = await actors.addPhone(token);
        const to = { appId, openid: `worker-${round}` };
        const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body: to }), 201);
        const key = String(bound.body.key);
        // The phone gets it; that it did is told to nobody.
        const fault = { provider: 'bark', mode: 'hang', accepted: true, times: 1, match: deviceKey };
        expecting(await call(hub.sandboxUrl, 'POST', '/control/faults', { body: fault }), 200);
        const pushed = await call(hub.url, 'POST', '/v1/pushes', { token: key, body: { body: `工单 ${round}` } });
        const id = String(expecting(pushed, 202).body.id);
        const rings = async () => (await actors.phone(deviceKey, 1)).filter(({ body }) => body === `工单 ${round}`);
        await until(async () => (await rings()).length === 1, { what: 'the phone has it' });
        for (const pid of pidsOf(hub.pid, 'delivery')) process.kill(pid, 'SIGKILL');
        const over = async () => {
          const { body } = expecting(await actors.hub('GET', `/v1/pushes/${id}`, { token: key }), 200);
          const events = (body.timeline as unknown as Json[]).map(({ event }) => String(event));
          return events.includes('delivery.finished') ? events : undefined;
        };
        const events = await until(over, { what: 'its delivery ends', deadlineMs: resumedWithinMs });
        const sending = events.filter((event) => /attempted|sent|failed|suppressed|unknown/.test(event));
        // Between the two it may be put off: a killed process has spent its share of the server's errors (ADR 19).
        expect(sending.join(' ')).toMatch(
          /^delivery.attempted delivery.unknown (delivery.attempted delivery.failed )*delivery.attempted delivery.sent$/,
        );
        // The second one carries the id of the first, so the phone shows it in its place.
        expect((await rings()).map((ring) => [ring.id, ring.state])).toEqual([
          [id, 'replaced'],
          [id, 'shown'],
        ]);
        await actors.inboxItem(token, id);
        const { body } = expecting(await actors.hub('GET', '/v1/inbox', { token }), 200);
        expect((body.items as unknown as Json[]).map((item) => item.id)).toEqual([id]);
      }
    },
    deliveryTestTimeoutMs,
  );

  /** A hub whose services remember little and reach the event store through a door that can be shut. */
  async function startHub() {
    const folder = mkdtempSync(join(tmpdir(), 'hark-consent-'));
    started.add({ close: () => rmSync(folder, { recursive: true, force: true }) });
    const store = started.add(await startEventStoreInWorker({ dataDir: join(folder, 'event-store') }));
    const opened = started.add(await doorTo(store.url));
    const forgetful = join(folder, 'forgetful.cjs');
    writeFileSync(forgetful, forgetfulStates);
    const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require=${forgetful}`;
    const rates = { HARK_PUSH_RATE_PER_OWNER: '0', HARK_RATE_PER_CALLER: '0', HARK_RATE_PER_ADDRESS: '0' };
    const made = await hubHome({ ...rates, EVENTSTORE_URL: opened.url, NODE_OPTIONS });
    started.add({ close: () => made.remove() });
    return { home: made, hub: await made.start('--split', '--replicas', 'intake=2,delivery=2'), door: opened };
  }
});

/** Run by every process of the hub before its own code: bounds that no installation would choose. */
const forgetfulStates = `
  const { EventStore } = require(${JSON.stringify(join(__dirname, '../../../../libs/eventstore/dist/index.js'))});
  for (const method of ['follow', 'streams']) {
    const made = EventStore.prototype[method];
    EventStore.prototype[method] = function (category, fold, options) {
      return made.call(this, category, fold, { ...options, entriesMax: ${remembered} });
    };
  }`;

const pidsOf = (hubPid: number, name: string): readonly number[] =>
  familyUsage(hubPid, 'hub').find((part) => part.name === name)?.pids ?? [];

const between = ([least = 0, most = 0]: readonly number[]): number => least + Math.random() * (most - least);

function randomKind(): Withdrawal {
  const throwOf = Math.random();
  if (throwOf < 0.02) return 'suspend';
  if (throwOf < 0.05) return 'erase';
  if (throwOf < 0.15) return 'block';
  if (throwOf < 0.3) return 'none';
  return throwOf < 0.65 ? 'unbind' : 'mute';
}

/** Cuts every service off from the event store again and again, and kills one of them now and then. */
async function makeTrouble(
  trouble: { over: boolean; cuts: number; kills: number },
  door: Door,
  hubPid: number,
): Promise<void> {
  for (;;) {
    // Not a wait for a condition: the moments of the cuts are to be at random.
    await pause(between(cutMs));
    if (trouble.over && trouble.cuts > 0) return;
    await door.shut();
    await door.open();
    trouble.cuts += 1;
    if (trouble.cuts % cutsPerKill !== 0) continue;
    const pids = pidsOf(hubPid, killed[trouble.kills % killed.length]!);
    if (pids.length < 2) continue;
    process.kill(pids[Math.floor(Math.random() * pids.length)]!, 'SIGKILL');
    trouble.kills += 1;
  }
}
