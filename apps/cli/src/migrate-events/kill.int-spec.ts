import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { until } from '@hark/testing';
import { runHark, type StoreUnderTest, useStores } from './two-stores.fixture';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const streams = 60;
const rounds = 40;
const kills = 4;
const testTimeoutMs = 120_000;

const { newStore, newDir } = useStores();

/** Small, seeded, good enough to choose moments (mulberry32). */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Streams in turn, so that hardly two events share an append, with deletions and tombstones in between. */
async function fill(store: StoreUnderTest): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: streams }, (_, n) =>
        store.append(`load-${n}`, { data: `{ "round": ${round}, "filler": "${'x'.repeat(500)}" }` }),
      ),
    );
    if (round % 10 === 5) await store.client.deleteStream('load-7');
    if (round === 20) await store.append('dead-1', {});
    if (round === 30) await store.client.tombstoneStream('dead-1');
  }
}

/** Position of the last event, which in this store is about their number. */
async function headOf({ client }: Pick<StoreUnderTest, 'client'>): Promise<number> {
  let head = 0;
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
    head = Number(event?.position?.commit);
  return head;
}

describe('a migration that is killed', () => {
  it.each([
    ['without a state file', false],
    ['with a state file', true],
  ])(
    `goes on where it was, %s (SEED=${seed})`,
    async (_name, withState) => {
      const next = random(seed);
      const [from, to] = [await newStore(), await newStore()];
      await fill(from);
      const state = join(newDir(), 'state.json');
      const args = ['--from', from.url, '--to', to.url, ...(withState ? ['--state', state] : [])];
      const total = (await from.events()).length;
      for (let kill = 0; kill < kills; kill += 1) {
        const run = runHark('migrate-events', ...args);
        // In the first half, or a copy might be done before it is noticed that there is enough.
        const enough = (total * (kill + next())) / (2 * kills);
        await until(async () => run.child.exitCode !== null || (await headOf(to)) > enough, {
          what: `${enough} events`,
        });
        run.child.kill('SIGKILL');
        if ((await run.exited) !== null) throw new Error(run.lines.join('\n'));
        expect((await to.events()).length).toBeLessThan(total);
      }
      const last = runHark('migrate-events', ...args);
      expect([await last.exited, last.lines.at(-1)]).toEqual([0, expect.stringMatching(/^done: /)]);
      expect(last.lines).toContainEqual(
        expect.stringMatching(withState ? /^copied: \d+ events written/ : /^copied: .* [1-9]\d* were there$/),
      );
      const [original, copy] = [await from.events(), await to.events()];
      const ordinary = (events: typeof copy) => events.filter(({ streamId }) => !streamId.startsWith('$'));
      expect(ordinary(copy)).toEqual(ordinary(original));
      expect(copy).toHaveLength(original.length);
      const verified = runHark('migrate-events', '--from', from.url, '--to', to.url, '--verify-only');
      expect(await verified.exited).toBe(0);
      expect(existsSync(state)).toBe(withState);
    },
    testTimeoutMs,
  );

  it(
    `goes on as well when it was the target that was killed (SEED=${seed})`,
    async () => {
      const next = random(seed);
      const [from, dir] = [await newStore(), newDir()];
      await fill(from);
      const total = (await from.events()).length;
      const startTarget = async (): Promise<{ url: string; kill(): Promise<void> }> => {
        const run = runHark('event-store', '--port', '0', '--data', dir);
        await run.seen('ready');
        const kill = async (): Promise<void> => {
          run.child.kill('SIGKILL');
          await run.exited;
        };
        return { url: run.lines[0]!.replace('ready ', ''), kill };
      };
      let target = await startTarget();
      const client = EventStoreDBClient.connectionString(target.url);
      const moving = runHark('migrate-events', '--from', from.url, '--to', target.url);
      const enough = total * (0.1 + 0.4 * next());
      await until(async () => (await headOf({ client })) > enough, { what: `${enough} events` });
      await target.kill();
      expect(await moving.exited).toBe(1);
      expect(moving.lines.join('\n')).toMatch(/\(migrate\.interrupted\)$/m);
      await client.dispose();
      target = await startTarget();
      const last = runHark('migrate-events', '--from', from.url, '--to', target.url);
      expect([await last.exited, last.lines.at(-1)]).toEqual([0, expect.stringMatching(/^done: /)]);
      expect(last.lines).toContainEqual(expect.stringMatching(/^copied: .* [1-9]\d* were there$/));
      await target.kill();
    },
    testTimeoutMs,
  );

  it('ends with a clear message when the target goes away, and with usage errors at once', async () => {
    const from = await newStore();
    await from.append('a-1', {});
    const gone = runHark('migrate-events', '--from', from.url, '--to', 'esdb://127.0.0.1:1?tls=false');
    expect(await gone.exited).toBe(1);
    expect(gone.lines.join('\n')).toMatch(/^hark: the migration was interrupted .*\(migrate\.interrupted\)$/m);
    const wrong = runHark('migrate-events', '--from', from.url);
    expect(await wrong.exited).toBe(2);
    expect(wrong.lines.slice(0, 1)).toEqual(['hark: hark migrate-events needs --from and --to (command.invalid)']);
  });
});
