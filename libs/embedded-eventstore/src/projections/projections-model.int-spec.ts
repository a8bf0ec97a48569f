import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type LogEvent, MAX64 } from '../event-log';
import { SqliteEventLog } from '../sqlite-event-log';
import { describeEmbedded, useDir } from '../store.fixture';

import { ProjectedLog } from '.';

const newDir = useDir();
const sequences = Number(process.env['HARK_MODEL_SEQUENCES'] ?? 60);
const seed = process.env['HARK_MODEL_SEED'];
const linkData = '0@a-1';
const fail = (error: unknown): never => {
  throw error;
};

/** The plainest projections that follow the contract. A link is text: what it says, `$o`, and `!` for a deletion. */
class Model {
  readonly projected = new Map<string, string[]>();
  private readonly streams = new Map<string, { last: number; lastMetadata: number; is: 'there' | 'soft' | 'hard' }>();

  append(name: string, types: readonly string[]): void {
    const stream = this.stream(name);
    if (stream.is === 'hard') return;
    for (const type of types) {
      const link = `${(stream.last += 1)}@${name}`;
      this.byCategory(name, `${type === '$>' ? linkData : link} ${name}`);
      if (type !== '$>') this.put(name, `$et-${type}`, link);
    }
    if (stream.is === 'soft') this.metadataEvent(name);
    stream.is = 'there';
  }

  setMetadata(name: string): void {
    const stream = this.stream(name);
    if (stream.is === 'hard') return;
    this.metadataEvent(name);
    if (stream.is === 'soft') this.metadataEvent(name);
    stream.is = 'there';
  }

  softDelete(name: string): void {
    const stream = this.stream(name);
    if (stream.is === 'hard' || (stream.last < 0 && stream.lastMetadata < 0)) return;
    stream.is = 'soft';
    stream.lastMetadata += 1;
    this.byCategory(name, `${stream.lastMetadata}@$$${name} ${name}!`);
    this.put(name, '$et-$deleted', `${stream.lastMetadata}@${name}!`);
  }

  tombstone(name: string): void {
    const stream = this.stream(name);
    if (stream.is === 'hard') return;
    stream.is = 'hard';
    this.byCategory(name, `${MAX64}@${name} ${name}!`);
    this.put(name, '$et-$deleted', `${MAX64}@${name}!`);
  }

  private stream(name: string) {
    const stream = this.streams.get(name) ?? { last: -1, lastMetadata: -1, is: 'there' };
    this.streams.set(name, stream);
    return stream;
  }

  private metadataEvent(name: string): void {
    this.put(name, '$et-$metadata', `${(this.stream(name).lastMetadata += 1)}@${name}`);
  }

  private byCategory(name: string, link: string): void {
    const [category] = name.split('-');
    if (category !== undefined && category !== '' && category !== name) this.put(name, `$ce-${category}`, link);
  }

  private put(source: string, stream: string, link: string): void {
    if (source.startsWith('$')) return;
    this.projected.set(stream, [...(this.projected.get(stream) ?? []), link]);
  }
}

type Step =
  | { do: 'append'; to: string; types: string[] }
  | { do: 'metadata' | 'delete' | 'tombstone'; to: string }
  | { do: 'look'; at: string }
  | { do: 'restart'; lose: boolean };

const streams = ['a-1', 'a-2', 'b-1-2', 'c', '-d', '$e-1', 'Ä"\\-🙂'];
const types = ['x', 'y', '$>', '$metadata', 'x\n"y"'];
const projected = [
  '$ce-a',
  '$ce-b',
  '$ce-Ä"\\',
  '$et-$deleted',
  '$et-$metadata',
  ...types.map((type) => `$et-${type}`),
];
/** What must stay empty. */
const never = ['$ce-', '$ce-c', '$ce-$e', '$ce-b-1', '$et-$>', '$et-$streamDeleted', '$et-'];
const to = fc.constantFrom(...streams);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record<Step & { do: 'append' }>({
        do: fc.constant('append'),
        to,
        types: fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 5 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record<Step & { do: 'metadata' | 'delete' }>({
        do: fc.constantFrom('metadata', 'delete'),
        to,
      }),
    },
    { weight: 1, arbitrary: fc.record<Step & { do: 'tombstone' }>({ do: fc.constant('tombstone'), to }) },
    {
      weight: 3,
      arbitrary: fc.record<Step & { do: 'look' }>({ do: fc.constant('look'), at: fc.constantFrom(...projected) }),
    },
    { weight: 1, arbitrary: fc.record<Step & { do: 'restart' }>({ do: fc.constant('restart'), lose: fc.boolean() }) },
  ),
  { maxLength: 40 },
);

/** A log that can be stopped and opened again, with its index or without. */
class Store {
  log!: ProjectedLog;
  private events!: SqliteEventLog;

  constructor(private readonly dir: string) {
    this.open();
  }

  async restart(lose: boolean): Promise<void> {
    await this.close();
    const files = readdirSync(this.dir).filter((file) => file.startsWith('projections.db'));
    if (lose) for (const file of files) rmSync(join(this.dir, file));
    this.open();
  }

  async close(): Promise<void> {
    this.log.close();
    await this.events.close();
  }

  private open(): void {
    this.events = new SqliteEventLog(this.dir, { onUnexpected: fail });
    this.log = new ProjectedLog(this.events, { dataDir: this.dir, onUnexpected: fail });
  }
}

async function run({ log }: Store, step: Exclude<Step, { do: 'look' | 'restart' }>): Promise<void> {
  const event = (type: string, data: string) => ({
    id: randomUUID(),
    type,
    isJson: type === '$metadata',
    data: Buffer.from(data),
    metadata: Buffer.from('{"$o":"mine"}'),
  });
  const any = { is: 'any' } as const;
  switch (step.do) {
    case 'append': {
      const events = step.types.map((type) => event(type, type === '$>' ? linkData : '{"$tb":9223372036854775807}'));
      await log.append(step.to, any, events);
      return;
    }
    case 'metadata':
      await log.append(`$$${step.to}`, any, [event('$metadata', '{"$maxCount":3}')]);
      return;
    case 'delete':
      await log.softDelete(step.to, any);
      return;
    case 'tombstone':
      await log.tombstone(step.to, any);
  }
}

function textOf({ data, metadata }: LogEvent): string {
  const { $o, $deleted } = JSON.parse(Buffer.from(metadata).toString()) as { $o?: string; $deleted?: number };
  return `${Buffer.from(data).toString()}${$o === undefined ? '' : ` ${$o}`}${$deleted === -1 ? '!' : ''}`;
}

/** The same stream read in both directions, in pages of an odd size. */
function look({ log }: Store, stream: string) {
  const forwards: LogEvent[] = [];
  for (let page = log.readStreamForwards(stream, 0n, 3); page.length > 0;) {
    forwards.push(...page);
    page = log.readStreamForwards(stream, BigInt(forwards.length), 3);
  }
  const backwards = log.readStreamBackwards(stream, MAX64, forwards.length + 1);
  const state = log.state(stream);
  return {
    links: forwards.map(textOf),
    revisions: forwards.map(({ revision }) => Number(revision)),
    backwards: backwards.toReversed().map(({ id }) => id),
    ids: forwards.map(({ id }) => id),
    state: state.is === 'present' ? Number(state.last) : state.is,
  };
}

describeEmbedded('random logs', () => {
  it(
    `are projected as a plain model says, in ${sequences} sequences`,
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const store = new Store(newDir());
          const model = new Model();
          const compare = (stream: string): void => {
            const links = model.projected.get(stream) ?? [];
            const seen = look(store, stream);
            expect({ stream, ...seen }).toEqual({
              stream,
              links,
              revisions: links.map((_, n) => n),
              backwards: seen.ids,
              ids: [...new Set(seen.ids)],
              state: links.length === 0 ? 'absent' : links.length - 1,
            });
          };
          try {
            for (const step of sequence) {
              if (step.do === 'look') compare(step.at);
              else if (step.do === 'restart') await store.restart(step.lose);
              else {
                await run(store, step);
                if (step.do === 'append') model.append(step.to, step.types);
                if (step.do === 'metadata') model.setMetadata(step.to);
                if (step.do === 'delete') model.softDelete(step.to);
                if (step.do === 'tombstone') model.tombstone(step.to);
              }
            }
            for (const stream of new Set([...projected, ...never, ...model.projected.keys()])) compare(stream);
            expect(never.filter((stream) => model.projected.has(stream))).toEqual([]);
          } finally {
            await store.close();
          }
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
});
