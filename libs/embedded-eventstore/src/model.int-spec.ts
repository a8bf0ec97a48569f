import { randomUUID } from 'node:crypto';
import {
  type AllStreamSubscription,
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import fc from 'fast-check';
import { collect, eventually, useStore } from './store.fixture';

const store = useStore();
const sequences = Number(process.env['HARK_MODEL_SEQUENCES'] ?? 60);
const seed = process.env['HARK_MODEL_SEED'];
/** An HTTP/2 server cuts a connection that resets more than about a thousand streams in a hurry; unsubscribing does. */
const sequencesPerConnection = 200;
const keepAliveMs = 10_000;
const max64 = 9_223_372_036_854_775_807n;
const namesOf = (run: string) => [`model-${run}-a`, `model-${run}-b`] as const;

type Metadata = { maxCount?: number; truncateBefore?: bigint | number };

/** The plainest store that follows the contract: lists, nothing else. Everything a step should answer is text. */
class Model {
  readonly log: string[] = [];
  private readonly streams = new Map<string, { ids: string[]; metadata: Metadata[]; tombstoned: boolean }>();

  append(name: string, expected: AppendExpectedRevision, ids: string[]): string {
    const stream = this.stream(name);
    const last = BigInt(stream.ids.length - 1);
    if (stream.tombstoned) return 'deleted';
    if (expected === 'stream_exists' && this.softDeleted(name)) return 'deleted';
    if (expected === 'stream_exists' && last < 0n && stream.metadata.length === 0) return 'wrong';
    if (expected === 'any' || expected === 'stream_exists') {
      const known = ids.map((id) => stream.ids.indexOf(id));
      if (known.length > 0 && known[0] !== -1) return known.includes(-1) ? 'wrong' : `ok ${known.at(-1)}`;
    } else {
      const revision = expected === 'no_stream' ? -1n : BigInt(expected);
      if (revision > last) return 'wrong';
      if (revision < last) {
        const from = Number(revision) + 1;
        const same = ids.map((id, n) => stream.ids[from + n] === id);
        if (ids.length > 0 && !same.includes(false)) return `ok ${from + ids.length - 1}`;
        if (!(same[0] === false && revision === -1n && this.softDeleted(name))) return 'wrong';
      }
    }
    const deleted = this.softDeleted(name);
    for (const id of ids) {
      stream.ids.push(id);
      this.log.push(`${name} model ${stream.ids.length - 1}`);
    }
    if (deleted) this.pushMetadata(name, { ...stream.metadata.at(-1), truncateBefore: last + 1n });
    return `ok ${Math.max(0, stream.ids.length - 1)}`;
  }

  setMetadata(name: string, metadata: Metadata): string {
    const stream = this.stream(name);
    if (stream.tombstoned) return 'deleted';
    const deleted = this.softDeleted(name);
    this.pushMetadata(name, metadata);
    if (deleted) this.pushMetadata(name, { ...metadata, truncateBefore: stream.ids.length });
    return 'ok';
  }

  delete(name: string): string {
    const stream = this.stream(name);
    if (stream.tombstoned) return 'deleted';
    if (stream.ids.length === 0 && stream.metadata.length === 0) return 'wrong';
    this.pushMetadata(name, { truncateBefore: max64 });
    return 'ok';
  }

  tombstone(name: string): string {
    const stream = this.stream(name);
    if (stream.tombstoned) return 'deleted';
    stream.tombstoned = true;
    this.log.push(`${name} $streamDeleted ${max64}`);
    return 'ok';
  }

  read(name: string, backwards: boolean, from: number | undefined, count: number): string {
    const stream = this.stream(name);
    if (stream.tombstoned) return 'deleted';
    if (stream.ids.length === 0 || this.softDeleted(name)) return 'not found';
    const { maxCount = Infinity, truncateBefore = 0 } = stream.metadata.at(-1) ?? {};
    const first = Math.max(0, stream.ids.length - maxCount, Number(truncateBefore));
    const visible = stream.ids.map((id, n) => [n, id] as const).filter(([n]) => n >= first);
    const asked = backwards
      ? visible.reverse().filter(([n]) => from === undefined || n <= from)
      : visible.filter(([n]) => n >= (from ?? 0));
    return asked
      .slice(0, count)
      .map(([n, id]) => `${n} ${id}`)
      .join();
  }

  private stream(name: string) {
    const stream = this.streams.get(name) ?? { ids: [], metadata: [], tombstoned: false };
    this.streams.set(name, stream);
    return stream;
  }

  private softDeleted(name: string): boolean {
    return this.stream(name).metadata.at(-1)?.truncateBefore === max64;
  }

  private pushMetadata(name: string, metadata: Metadata): void {
    const { metadata: list } = this.stream(name);
    list.push(metadata);
    this.log.push(`$$${name} $metadata ${list.length - 1}`);
  }
}

type Step =
  | { do: 'append'; on: 0 | 1; expected: AppendExpectedRevision; ids: number[]; plain: boolean }
  | { do: 'read'; on: 0 | 1; backwards: boolean; from: number | undefined; count: number }
  | { do: 'metadata'; on: 0 | 1; metadata: Metadata }
  | { do: 'delete' | 'tombstone'; on: 0 | 1 };

const on = fc.constantFrom<0 | 1>(0, 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record<Step & { do: 'append' }>({
        do: fc.constant('append'),
        on,
        expected: fc.oneof(
          fc.constantFrom<AppendExpectedRevision>('any', 'no_stream', 'stream_exists'),
          fc.nat(8).map((n) => BigInt(n)),
        ),
        // A small pool of ids, so that repeats and half repeats are common.
        ids: fc.oneof(
          fc.array(fc.nat(30), { maxLength: 4 }),
          fc
            .tuple(fc.nat(12), fc.integer({ min: 1, max: 3 }))
            .map(([n, c]) => Array.from({ length: c }, (_, k) => n + k)),
        ),
        plain: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record<Step & { do: 'read' }>({
        do: fc.constant('read'),
        on,
        backwards: fc.boolean(),
        from: fc.option(fc.nat(12), { nil: undefined }),
        count: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record<Step & { do: 'metadata' }>({
        do: fc.constant('metadata'),
        on,
        metadata: fc.oneof(
          fc.record({ maxCount: fc.integer({ min: 1, max: 6 }) }),
          fc.record({ truncateBefore: fc.nat(12) }),
          fc.constant({}),
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record<Step & { do: 'delete' | 'tombstone' }>({ do: fc.constant('delete'), on }) },
    { weight: 1, arbitrary: fc.record<Step & { do: 'delete' | 'tombstone' }>({ do: fc.constant('tombstone'), on }) },
  ),
  { maxLength: 30 },
);

const kinds: Record<string, string> = {
  'wrong-expected-version': 'wrong',
  'stream-deleted': 'deleted',
  'stream-not-found': 'not found',
};

/** What the store says, in the model's words. */
async function said(answer: Promise<string>): Promise<string> {
  return answer.catch((error: Error & { type?: string }) => kinds[error.type ?? ''] ?? `unexpected ${error.message}`);
}

async function ask(step: Step, name: string, ids: string[]): Promise<string> {
  switch (step.do) {
    case 'append': {
      const events = step.ids.map((n) => jsonEvent({ id: ids[n] ?? '', type: 'model', data: { n } }));
      const via = step.plain ? { credentials: { username: 'a', password: 'b' } } : {};
      const result = await client.appendToStream(name, events, { expectedRevision: step.expected, ...via });
      return `ok ${result.nextExpectedRevision}`;
    }
    case 'read': {
      const direction = step.backwards ? BACKWARDS : FORWARDS;
      const fromRevision = step.from === undefined ? (step.backwards ? END : START) : BigInt(step.from);
      const events = await collect(client.readStream(name, { direction, fromRevision, maxCount: step.count }));
      return events.map(({ event }) => `${event?.revision} ${event?.id}`).join();
    }
    case 'metadata':
      await client.setStreamMetadata(name, step.metadata as { maxCount?: number });
      return 'ok';
    case 'delete':
      await client.deleteStream(name);
      return 'ok';
    case 'tombstone':
      await client.tombstoneStream(name);
      return 'ok';
  }
}

function expectedOf(model: Model, step: Step, name: string, ids: string[]): string {
  switch (step.do) {
    case 'append':
      return model.append(
        name,
        step.expected,
        step.ids.map((n) => ids[n] ?? ''),
      );
    case 'read':
      return model.read(name, step.backwards, step.from, step.count);
    case 'metadata':
      return model.setMetadata(name, step.metadata);
    case 'delete':
      return model.delete(name);
    case 'tombstone':
      return model.tombstone(name);
  }
}

let client: EventStoreDBClient;
let sequencesRun = 0;

/** A fresh connection for the first sequence and then for every so many. */
async function connectAnew(): Promise<void> {
  if (sequencesRun % sequencesPerConnection === 0) {
    if (sequencesRun > 0) await client.dispose();
    // Clients of equal settings share a connection, so each one gets a setting of its own.
    client = EventStoreDBClient.connectionString(`${store.url}&keepAliveInterval=${keepAliveMs + sequencesRun}`);
  }
  sequencesRun += 1;
}
afterAll(() => client.dispose());

/** A subscription to everything the two streams of a run leave in `$all`, metadata included. */
function follow(run: string, fromPosition: AllStart) {
  const seen: string[] = [];
  const filter = streamNameFilter({ regex: `^(\\$\\$)?model-${run}-` });
  const subscription: AllStreamSubscription = client.subscribeToAll({ fromPosition, filter });
  const followed = { seen, subscription, live: false, error: undefined as Error | undefined };
  subscription
    .on('data', ({ event }) => seen.push(`${event?.streamId} ${event?.type} ${event?.revision}`))
    .on('caughtUp', () => (followed.live = true))
    .on('error', (error) => (followed.error = error));
  return followed;
}
type AllStart = typeof START | typeof END;

it(
  `finds no difference from a plain model in ${sequences} random sequences`,
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        await connectAnew();
        const run = randomUUID();
        const names = namesOf(run);
        const ids = Array.from({ length: 40 }, () => randomUUID());
        const model = new Model();
        const live = follow(run, END);
        await eventually(() => live.live || live.error !== undefined);
        expect(live.error).toBeUndefined();
        for (const [n, step] of sequence.entries()) {
          const name = names[step.on];
          const expected = expectedOf(model, step, name, ids);
          expect({ n, step, answer: await said(ask(step, name, ids)) }).toEqual({ n, step, answer: expected });
        }
        const count = model.log.length;
        const history = follow(run, START);
        await eventually(() => live.seen.length >= count && history.seen.length >= count);
        await Promise.all([live.subscription.unsubscribe(), history.subscription.unsubscribe()]);
        expect(live.seen).toEqual(model.log);
        expect(history.seen).toEqual(model.log);
      }),
      {
        numRuns: sequences,
        ...(seed !== undefined && { seed: Number(seed) }),
        endOnFailure: process.env['CI'] !== undefined,
      },
    );
  },
  60_000 + sequences * 200,
);
