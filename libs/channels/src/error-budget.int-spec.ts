import { freshDatabase, FreshDatabase } from '@hark/testing';
import { Pool } from 'pg';
import { ErrorBudget, Leave, Spender } from './error-budget';

const noonMs = Date.parse('2026-11-22T12:00:00Z');
const minuteMs = 60_000;

describe('the error budget', () => {
  let database: FreshDatabase;
  const pools: Pool[] = [];
  let nowMs = noonMs;
  /** A process of its own: only the database is shared. */
  const processOf = (): ErrorBudget => {
    const pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    pools.push(pool);
    return new ErrorBudget(pool, () => nowMs);
  };
  beforeEach(async () => {
    database = await freshDatabase();
    nowMs = noonMs;
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await database.close();
  });
  const push = (personId: string, server = 'bark.example'): Spender => ({ server, personId, isChallenge: false });
  const given = (leaves: readonly Leave[]) => leaves.filter(({ is }) => is === 'given').length;
  /** So many requests by so many people, all of them answered by an error. */
  const spend = async (budget: ErrorBudget, persons: number, each: number, server?: string) => {
    const all = Array.from({ length: persons * each }, (_, i) => budget.take(push(`p-${i % persons}`, server)));
    return given(await Promise.all(all));
  };

  it('is one for all processes, and holds for what is under way too', async () => {
    const [auth, delivery] = [processOf(), processOf()];
    const [first, second] = await Promise.all([spend(auth, 15, 20), spend(delivery, 15, 20)]);
    expect(first + second).toBe(500);
    expect(await spend(auth, 1, 1, 'other.example')).toBe(1);
  });

  it('stands after a restart, and comes back as its minutes pass', async () => {
    expect(await spend(processOf(), 50, 10)).toBe(500);
    nowMs += 3 * minuteMs;
    const restarted = processOf();
    expect(await restarted.take(push('p-new'))).toEqual({ is: 'none', waitMs: 3 * minuteMs });
    nowMs += 3 * minuteMs;
    expect((await restarted.take(push('p-new'))).is).toBe('given');
  });

  it("uses up a person's own part first: others go on", async () => {
    const budget = processOf();
    expect(await spend(budget, 1, 60)).toBe(40);
    expect((await budget.take(push('somebody else'))).is).toBe('given');
    expect((await budget.take(push('p-0', 'other.example'))).is).toBe('given');
  });

  it('lets challenges, whose addresses anybody may invent, use up only their part', async () => {
    const budget = processOf();
    const challenge = (i: number) =>
      budget.take({ server: 'bark.example', personId: `stranger-${i}`, isChallenge: true });
    expect(given(await Promise.all(Array.from({ length: 160 }, (_, i) => challenge(i))))).toBe(150);
    expect((await budget.take(push('p-1'))).is).toBe('given');
  });

  it('leaves challenges to others when a handful of accounts add what does not exist', async () => {
    const budget = processOf();
    const challenge = (personId: string) => budget.take({ server: 'bark.example', personId, isChallenge: true });
    const crowd = Array.from({ length: 240 }, (_, i) => challenge(`stranger-${i % 6}`));
    expect(given(await Promise.all(crowd))).toBe(90);
    expect((await challenge('somebody else')).is).toBe('given');
  });

  it('is not spent by what went well', async () => {
    const budget = processOf();
    for (let i = 0; i < 60; i += 1) {
      const leave = await budget.take(push('p-1'));
      if (leave.is === 'given') await leave.giveBack();
      expect(leave.is).toBe('given');
    }
  });

  it('keeps no more than the last minutes, and names neither server nor person', async () => {
    const budget = processOf();
    await budget.take(push('p-1'));
    const rows = async () => (await pools[0]!.query('select * from outbound.error_counts')).rows as object[];
    expect(await rows()).toHaveLength(2);
    expect(JSON.stringify(await rows())).not.toMatch(/bark\.example|p-1/);
    nowMs += 20 * minuteMs;
    await budget.take(push('p-1'));
    expect(await rows()).toHaveLength(2);
  });

  it('allows nothing while it cannot be read, and works again after', async () => {
    let isAway = true;
    const pool = new Pool({ connectionString: database.url, max: 1 });
    pools.push(pool);
    const away = {
      query: (sql: string, values?: unknown[]) =>
        isAway ? Promise.reject(new Error('away')) : pool.query(sql, values),
    };
    const budget = new ErrorBudget(away, () => nowMs);
    expect(await budget.take(push('p-1'))).toEqual({ is: 'none', waitMs: 5_000 });
    isAway = false;
    expect((await budget.take(push('p-1'))).is).toBe('given');
  });
});
