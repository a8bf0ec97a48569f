import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { LogEvent } from './event-log';
import { programOf } from './from-sources';
import { SqliteEventLog } from './sqlite-event-log';
import { describeEmbedded, useDir } from './store-for-int-spec';

const rounds = Number(process.env['HARK_KILL_ROUNDS'] ?? 4);
const seed = Number(process.env['HARK_KILL_SEED'] ?? randomInt(2 ** 31));
const streamsMax = 8;
const openMaxMs = 1_000;
const waitMaxMs = 20_000;

/** What a stream must hold, and what it may hold because nobody heard whether it was written. */
interface Expected {
  readonly ids: string[];
  pending: string[];
}

describeEmbedded('kill -9 in the middle of appends', () => {
  const newDir = useDir();

  it(
    `loses nothing that was acknowledged in ${rounds} rounds`,
    async () => {
      console.info(`kill test: seed ${seed}, ${rounds} rounds (HARK_KILL_SEED, HARK_KILL_ROUNDS)`);
      const random = mulberry32(seed);
      const dataDir = newDir();
      const streams = new Map<string, Expected>();
      for (let n = 0; n < streamsMax; n += 1) streams.set(`killed-${n}`, { ids: [], pending: [] });
      for (let round = 0; round < rounds; round += 1) {
        const { child, url } = await within(`round ${round}: start`, startChild(dataDir));
        const client = EventStoreDBClient.connectionString(url);
        let alive = true;
        const writers = [...streams].map(([name, stream]) => write(client, name, stream, random, () => alive));
        await setTimeout(20 + random() * 150);
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        alive = false;
        await within(`round ${round}: exit`, exited);
        await within(`round ${round}: writers`, Promise.all(writers));
        await within(`round ${round}: dispose`, client.dispose());
        await verify(dataDir, streams, `seed ${seed}, round ${round}`);
      }
      const written = [...streams.values()].reduce((sum, { ids }) => sum + ids.length, 0);
      expect(written).toBeGreaterThan(rounds);
    },
    60_000 + rounds * 3_000,
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
  const { code, execArgv } = programOf('child-for-int-spec');
  const child = spawn(process.execPath, [...execArgv, '-e', code, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
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

/** Opens what was left: every acknowledged event is there, every other append whole or not at all, nothing has a gap. */
async function verify(dataDir: string, streams: Map<string, Expected>, where: string): Promise<void> {
  const begun = performance.now();
  const log = new SqliteEventLog(dataDir);
  const openedMs = performance.now() - begun;
  try {
    expect({ where, slow: openedMs > openMaxMs }).toEqual({ where, slow: false });
    for (const [name, stream] of streams) {
      const events = wholeStream(log, name);
      const withPending = [...stream.ids, ...stream.pending];
      const ids = events.map(({ id }) => id);
      expect({ where, name, revisions: events.map(({ revision }) => revision) }).toEqual({
        where,
        name,
        revisions: ids.map((_, n) => BigInt(n)),
      });
      const wanted = ids.length > stream.ids.length ? withPending : stream.ids;
      expect({ where, name, ids }).toEqual({ where, name, ids: wanted });
      stream.ids.splice(0, Infinity, ...ids);
      stream.pending = [];
    }
  } finally {
    await log.close();
  }
}

/** A page ends early when its events are large: one alone may be less than the stream. */
function wholeStream(log: SqliteEventLog, name: string): LogEvent[] {
  const events: LogEvent[] = [];
  for (;;) {
    const page = log.readStreamForwards(name, BigInt(events.length), 1_000);
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
