import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { LogEvent } from './event-log';
import { programOf } from './from-sources';
import { SqliteEventLog } from './sqlite-event-log';
import { describeEmbedded, eventually, useDir } from './store.fixture';

const rounds = Number(process.env['HARK_KILL_ROUNDS'] ?? 4);
const seed = Number(process.env['HARK_KILL_SEED'] ?? randomInt(2 ** 31));
/** Events of other streams that are there before the first round. */
const eventsBefore = Number(process.env['HARK_KILL_EVENTS'] ?? 5_000);
const streamsMax = 8;
const waitMaxMs = 60_000;
/** Every so many rounds the streams are read from their beginning and the progress is told. */
const fullEvery = 100;
/** Of what the round before had checked already, so much is read again. */
const rereadMax = 20;

/** What a stream must hold, and what it may hold because nobody heard whether it was written. */
interface Expected {
  readonly ids: string[];
  pending: string[];
  /** How many of `ids` were found by the last check. */
  checked: number;
}

describeEmbedded('kill -9 in the middle of appends', () => {
  const newDir = useDir();

  it(
    `loses nothing that was acknowledged in ${rounds} rounds`,
    async () => {
      console.info(`kill test: seed ${seed}, ${rounds} rounds (HARK_KILL_SEED, HARK_KILL_ROUNDS, HARK_KILL_EVENTS)`);
      const random = mulberry32(seed);
      const dataDir = newDir();
      const streams = new Map<string, Expected>();
      for (let n = 0; n < streamsMax; n += 1) streams.set(`killed-${n}`, { ids: [], pending: [], checked: 0 });
      await fill(dataDir);
      let slowestOpenMs = 0;
      for (let round = 0; round < rounds; round += 1) {
        if (random() < 0.1) await killWhileOpening(dataDir, random() * 400);
        const { child, url } = await within(`round ${round}: start`, startChild(dataDir));
        const client = EventStoreDBClient.connectionString(url);
        let alive = true;
        const writtenBefore = acknowledged(streams);
        const writers = [...streams].map(([name, stream]) => write(client, name, stream, random, () => alive));
        await eventually(() => acknowledged(streams) > writtenBefore, `round ${round}: an append is acknowledged`);
        await setTimeout(random() * 150);
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        alive = false;
        await within(`round ${round}: exit`, exited);
        await within(`round ${round}: writers`, Promise.all(writers));
        await within(`round ${round}: dispose`, client.dispose());
        const full = (round + 1) % fullEvery === 0 || round === rounds - 1;
        const openMs = await verify(dataDir, streams, full, `seed ${seed}, round ${round}`);
        slowestOpenMs = Math.max(slowestOpenMs, openMs);
        if (full) tell(round + 1, streams, slowestOpenMs);
      }
      expect(acknowledged(streams)).toBeGreaterThanOrEqual(rounds);
    },
    60_000 + rounds * 3_000 + eventsBefore / 10,
  );
});

/** The same promise, but it does not stay open for ever: the message says what did not happen. */
async function within<Result>(what: string, promise: Promise<Result>): Promise<Result> {
  const done = new AbortController();
  const late = setTimeout(waitMaxMs, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`${what} took longer than ${waitMaxMs} ms`)),
    () => promise,
  );
  return Promise.race([promise, late]).finally(() => done.abort());
}

async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const { code, execArgv } = programOf('child.fixture');
  const child = spawn(process.execPath, [...execArgv, '-e', code, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

async function killWhileOpening(dataDir: string, afterMs: number): Promise<void> {
  const { code, execArgv } = programOf('child.fixture');
  const child = spawn(process.execPath, [...execArgv, '-e', code, dataDir], { stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = once(child, 'exit');
  await setTimeout(afterMs);
  child.kill('SIGKILL');
  await within('exit while opening', exited);
}

async function fill(dataDir: string): Promise<void> {
  const log = new SqliteEventLog(dataDir);
  const [data, metadata] = [Buffer.from(JSON.stringify('x'.repeat(400))), new Uint8Array(0)];
  for (let written = 0; written < eventsBefore; written += 500) {
    const events = Array.from({ length: 500 }, () => ({ id: randomUUID(), type: 'old', isJson: true, data, metadata }));
    await log.append(`old-${(written / 500) % 1_000}`, { is: 'any' }, events);
  }
  await log.close();
}

/** How many events were acknowledged, of all streams. */
const acknowledged = (streams: Map<string, Expected>): number =>
  [...streams.values()].reduce((sum, { ids }) => sum + ids.length, 0);

/** At once, not at the end as the console's lines under test: a long run takes half an hour. */
function tell(round: number, streams: Map<string, Expected>, slowestOpenMs: number): void {
  const events = eventsBefore + acknowledged(streams);
  const opened = `slowest opening ${Math.round(slowestOpenMs)} ms`;
  process.stderr.write(`kill test: ${round} of ${rounds} rounds, ${events} events, ${opened}\n`);
}

/** Appends batches to one stream, each expecting the last, until the store is gone. */
async function write(
  client: EventStoreDBClient,
  name: string,
  stream: Expected,
  random: () => number,
  alive: () => boolean,
): Promise<void> {
  while (alive()) {
    const events = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
      jsonEvent({ id: randomUUID(), type: 'killed', data: 'x'.repeat(Math.floor(random() * 2_000)) }),
    );
    stream.pending = events.map(({ id }) => id);
    const expectedRevision = stream.ids.length === 0 ? 'no_stream' : BigInt(stream.ids.length - 1);
    const via = random() < 0.5 ? {} : { credentials: { username: 'a', password: 'b' } };
    try {
      await client.appendToStream(name, events, { expectedRevision, ...via });
    } catch (error) {
      expect((error as { type?: string }).type).not.toBe('wrong-expected-version');
      return;
    }
    stream.ids.push(...stream.pending);
    stream.pending = [];
  }
}

/**
 * Opens what was left: every acknowledged event is there, every other append whole or not at all, nothing has a gap.
 * Reads the end of each stream, or all of it when `full`. Returns how long the opening took, in milliseconds.
 */
async function verify(dataDir: string, streams: Map<string, Expected>, full: boolean, where: string): Promise<number> {
  const begun = performance.now();
  const log = new SqliteEventLog(dataDir);
  const openedMs = performance.now() - begun;
  try {
    for (const [name, stream] of streams) {
      const from = full ? 0 : Math.max(0, stream.checked - rereadMax);
      const events = restOfStream(log, name, from);
      const ids = events.map(({ id }) => id);
      const promised = stream.ids.slice(from);
      expect({ where, name, revisions: events.map(({ revision }) => revision) }).toEqual({
        where,
        name,
        revisions: ids.map((_, n) => BigInt(from + n)),
      });
      const wanted = ids.length > promised.length ? [...promised, ...stream.pending] : promised;
      expect({ where, name, ids }).toEqual({ where, name, ids: wanted });
      stream.ids.push(...ids.slice(promised.length));
      stream.pending = [];
      stream.checked = stream.ids.length;
    }
  } finally {
    await log.close();
  }
  return openedMs;
}

/** A page ends early when its events are large: one alone may be less than the stream. */
function restOfStream(log: SqliteEventLog, name: string, from: number): LogEvent[] {
  const events: LogEvent[] = [];
  for (;;) {
    const page = log.readStreamForwards(name, BigInt(from + events.length), 1_000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** A small generator of numbers in [0, 1) that a seed repeats. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
