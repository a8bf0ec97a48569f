import { setTimeout as pause } from 'node:timers/promises';
import { EventStore } from '@hark/eventstore';
import { Disposables, HarkError, positionToken, uuid7 } from '@hark/kernel';
import { Keys, onDatabase } from '@hark/service';
import { Vault, VaultDatabase } from '@hark/vault';
import { Actors } from '../demo/actors';
import { expecting, same } from '../demo/http';
import { holdHome } from '../up/home';
import { readMasterKey } from '../up/master-key';
import { startStores } from '../up/stores';
import { Recipient } from './audience';
import { moveGroupsToEnd } from './groups-at-end';
import { OwnHub } from './own-hub';
import { pushBody } from './push-load';
import { copyOf, CopyRecipient, PushTemplate, readTemplate } from './push-template';
import { quietDeadlineMs, untilQuiet } from './quiet';

const templatesMax = 50;
/** People without a log-in, beside those of the audience: each has a key in the vault and messages in an inbox. */
const othersMax = 5_000;
const pushesEach = 20;
/** Pushes whose events are on their way at one time. */
const lanes = 512;
const appendDeadlineMs = 30_000;
const sayEveryMs = 5_000;
/** The stored pushes lie evenly within this time before now. */
const spreadMs = 30 * 24 * 3_600_000;
const noStore = 'nats://not-started';
const pollMs = 1_000;
const catchUpMaxMs = 3 * 3_600_000;

/** What it took to give a hub a past. */
export interface StoredReport {
  readonly pushes: number;
  readonly events: number;
  readonly people: number;
  readonly writeSeconds: number;
  /** From the start of the hub until its read models had all of it. */
  readonly catchUpSeconds: number;
  /** From the start after a `kill -9` until it said that it was ready. */
  readonly startAfterKillMs: number;
}

/**
 * Gives the bench's own hub `count` pushes that came, were judged, delivered and filed before, then kills it and starts
 * it again.
 *
 * Each is a copy, under ids and with a sealed text of its own, of a push that took the real way a moment before, in the
 * same streams, so inbox and status work on it. The copies go straight into the event store while no service runs, and
 * the reactors' groups are then moved to the log's end. What this does not show: reactors that have to catch up.
 */
export async function storePushes(
  hub: OwnHub,
  audience: readonly Recipient[],
  count: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<StoredReport> {
  say('Sending the pushes that are to be copied …');
  const templates = await realPushes(hub, audience.slice(0, templatesMax));
  await hub.stop();
  const began = performance.now();
  const { events, people, last, sample } = await write(hub, templates, count, signal, say);
  const writeSeconds = (performance.now() - began) / 1_000;
  say('Starting the hub on it …');
  const restarted = performance.now();
  await hub.start();
  await caughtUp(hub, audience[0]!.key, templates[0]!.pushId, last, signal, say);
  const catchUpSeconds = (performance.now() - restarted) / 1_000;
  await assertReadable(hub, audience[0]!, sample);
  // The tables that nobody has asked for may still be behind.
  while ((await untilQuiet(hub.run.pid, signal)) >= quietDeadlineMs) signal.throwIfAborted();
  say('Killing it and starting it again …');
  await hub.kill();
  return { pushes: count, events, people, writeSeconds, catchUpSeconds, startAfterKillMs: await hub.start() };
}

async function realPushes({ run }: OwnHub, audience: readonly Recipient[]): Promise<readonly PushTemplate[]> {
  const actors = actorsOf(run);
  const store = EventStore.connect(run.EVENTSTORE_URL);
  try {
    const templates: PushTemplate[] = [];
    for (const { key } of audience) {
      const body = JSON.parse(pushBody('0.0')) as object;
      const { body: accepted } = expecting(await actors.hub('POST', '/v1/pushes', { token: key, body }), 202);
      const pushId = String(accepted.id);
      await actors.pushWithStatus(key, pushId, ['delivered']);
      templates.push(await readTemplate(store, pushId));
    }
    return templates;
  } finally {
    await store.close();
  }
}

/** Runs the stores alone on the hub's folder and writes into them. `last`: position of the last push's last event. */
async function write(
  { settings }: OwnHub,
  templates: readonly PushTemplate[],
  count: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Written & { people: number }> {
  const started = new Disposables();
  try {
    started.add(holdHome(settings.home));
    const alone = { ...settings, env: { ...settings.env, NATS_URL: noStore } };
    const urls = await startStores(alone, started, () => undefined);
    const keys = new Keys(Buffer.from(readMasterKey(settings), 'base64'));
    const store = EventStore.connect(urls.EVENTSTORE_URL, { deadlineMs: appendDeadlineMs });
    started.add({ close: () => store.close() });
    return await onDatabase(urls.DATABASE_URL, async (database) => {
      const vault = new Vault(oneAtATime(database), { vaultKey: keys.vault, lookupKey: keys.lookup });
      const sealing = { contentHashKey: keys.contentHash, seal: vault.seal.bind(vault) };
      const people = peopleOf(templates, count);
      const written = await copies(count, signal, say, async (index) => {
        const { template, to } = people[index % people.length]!;
        const shiftMs = -Math.round((spreadMs * (count - index)) / count);
        return append(store, await copyOf(template, to, pushBody(`0.${index}`), shiftMs, sealing));
      });
      await moveGroupsToEnd(store.client);
      return { ...written, people: people.length };
    });
  } finally {
    await started.close();
  }
}

/** Many lanes ask for keys at one time; a connection answers one query after the other. */
function oneAtATime(database: VaultDatabase): VaultDatabase {
  let before: Promise<unknown> = Promise.resolve();
  return {
    query: (sql, parameters) => {
      const answer = before.then(() => database.query(sql, parameters));
      before = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** The audience, and others beside it, each with the push that theirs are copied from. */
function peopleOf(templates: readonly PushTemplate[], count: number) {
  const people: { template: PushTemplate; to: CopyRecipient }[] = templates.map((template) => ({
    template,
    to: template.pushed,
  }));
  const others = Math.min(othersMax, Math.floor(count / pushesEach));
  for (let index = 0; index < others; index += 1) {
    const to = { personId: uuid7(), bindingId: uuid7(), consentId: uuid7() };
    people.push({ template: templates[index % templates.length]!, to });
  }
  return people;
}

async function append(store: EventStore, { pushId, steps }: Awaited<ReturnType<typeof copyOf>>): Promise<Appended> {
  let written = 0;
  let position = 0n;
  let category = '';
  let revision: number | 'no-stream' = 'no-stream';
  for (const step of steps) {
    if (step.category !== category) revision = 'no-stream';
    ({ category } = step);
    const appended = await store.append(category, pushId, revision, step.events, step.context);
    ({ revision, position } = appended);
    written += step.events.length;
  }
  return { pushId, events: written, position };
}

interface Appended {
  readonly pushId: string;
  readonly events: number;
  readonly position: bigint;
}

interface Written {
  readonly events: number;
  readonly last: bigint;
  /** The id of the first copy, which went to the first of the audience. */
  readonly sample: string;
}

/** Makes `count` copies, many at one time, and tells how far it is. */
async function copies(
  count: number,
  signal: AbortSignal,
  say: (line: string) => void,
  make: (index: number) => Promise<Appended>,
): Promise<Written> {
  let next = 0;
  let made = 0;
  let events = 0;
  let last = 0n;
  let sample = '';
  let said = performance.now();
  let saidAt = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      signal.throwIfAborted();
      const index = next++;
      const copy = await make(index);
      if (index === 0) sample = copy.pushId;
      made += 1;
      events += copy.events;
      if (copy.position > last) last = copy.position;
      const sinceMs = performance.now() - said;
      if (sinceMs < sayEveryMs) continue;
      say(`  ${made} of ${count} pushes stored, ${Math.round(((made - saidAt) * 1_000) / sinceMs)} a second`);
      [said, saidAt] = [performance.now(), made];
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return { events, last, sample };
}

/** Throws unless the copy is as a real push is: delivered to its sender, and a text that opens in the inbox. */
async function assertReadable({ run }: OwnHub, { key, openid }: Recipient, pushId: string): Promise<void> {
  const actors = actorsOf(run);
  const { token } = await actors.logIn(openid);
  const status = expecting(await actors.hub('GET', `/v1/pushes/${pushId}`, { token: key }), 200).body.status;
  same('the status of a stored push', status, 'delivered');
  const { body } = expecting(await actors.hub('GET', `/v1/inbox/${pushId}`, { token }), 200).body;
  same('the text of a stored push', body, (JSON.parse(pushBody('0.0')) as { body: string }).body);
}

/** Waits until the inbox and the senders' list hold everything up to `position`, as a reader would see it. */
async function caughtUp(
  { run }: OwnHub,
  key: string,
  pushId: string,
  position: bigint,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const actors = actorsOf(run);
  const { token } = await actors.logIn(actors.newOpenid());
  const headers = { 'hark-position': positionToken(position, 'delivery') };
  const reads = [
    () => actors.hub('GET', '/v1/inbox?limit=1', { token, headers }),
    () => actors.hub('GET', `/v1/pushes/${pushId}`, { token: key, headers }),
  ];
  const giveUpAtMs = performance.now() + catchUpMaxMs;
  let saidMs = 0;
  for (const read of reads) {
    while ((await read()).status !== 200) {
      signal.throwIfAborted();
      if (performance.now() > giveUpAtMs)
        throw new HarkError('unavailable', 'bench.not-caught-up', 'the read models did not catch up in time');
      if (performance.now() - saidMs > sayEveryMs) {
        saidMs = performance.now();
        say(`  the read models have carried ${await carried(run.healthUrl)} events`);
      }
      await pause(pollMs, undefined, { signal });
    }
  }
}

/** Events that the read models of all services have written since the start; each counts once for each service. */
async function carried(healthUrl: string): Promise<number> {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  return [...text.matchAll(/^hark_readmodel_events_total\{[^}]*\} (\d+)/gm)].reduce(
    (all, [, one]) => all + Number(one),
    0,
  );
}

const actorsOf = ({ url, sandboxUrl }: OwnHub['run']): Actors =>
  new Actors({ hubUrl: url, sandboxUrl: sandboxUrl!, operatorOpenid: '' });
