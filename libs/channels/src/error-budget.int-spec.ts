import { Pool } from 'pg';
import { FreshDatabase, freshDatabase } from '@hark/testing';
import { ErrorBudget, Leave, Spender } from './error-budget';

const noonMs = Date.parse('2026-11-22T12:00:00Z');
const minuteMs = 60_000;

describe('the error budget', () => {
  let database: FreshDatabase;
  const pools: Pool[] = [];
  let statements = 0;
  let isAway = false;
  let nowMs = noonMs;
  /** A process of its own: only the database is shared. */
  const processOf = (): ErrorBudget => {
    const pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    pools.push(pool);
    const query = (sql: string, values?: unknown[]) => {
      statements += 1;
      return isAway ? Promise.reject(new Error('away')) : pool.query(sql, values);
    };
    return new ErrorBudget({ query }, () => nowMs);
  };
  beforeEach(async () => {
    database = await freshDatabase();
    nowMs = noonMs;
    isAway = false;
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await database.close();
  });
  const push = (personId: string, server = 'bark.example'): Spender => ({ server, personId, isChallenge: false });
  const challenge = (personId: string): Spender => ({ server: 'bark.example', personId, isChallenge: true });
  const given = (leaves: readonly Leave[]) => leaves.filter(({ is }) => is === 'given').length;
  /** As many requests at a time, of as many people, as there are leaves for. */
  const underWay = async (budget: ErrorBudget, requests: number) =>
    given(await Promise.all(Array.from({ length: requests }, (_, i) => budget.take(push(`p-${i}`)))));
  /** Requests one after the other that are all answered by an error; how many of them there were. */
  const fail = async (budget: ErrorBudget, spenders: readonly Spender[]) => {
    let failed = 0;
    for (const spender of spenders) {
      const leave = await budget.take(spender);
      if (leave.is === 'none') continue;
      await leave.spend();
      failed += 1;
    }
    return failed;
  };
  const times = (length: number, spender: (i: number) => Spender) => Array.from({ length }, (_, i) => spender(i));

  it('is one for all processes, and holds for what is under way too', async () => {
    const [auth, delivery] = [processOf(), processOf()];
    const [first, second] = await Promise.all([underWay(auth, 400), underWay(delivery, 400)]);
    expect(first + second).toBe(500);
    expect((await auth.take(push('p-1', 'other.example'))).is).toBe('given');
  });

  it('stands after a restart, and comes back as its minutes pass', async () => {
    expect(await underWay(processOf(), 520)).toBe(500);
    nowMs += 3 * minuteMs;
    const restarted = processOf();
    expect(await restarted.take(push('p-new'))).toEqual({ is: 'none', waitMs: 3 * minuteMs });
    nowMs += 3 * minuteMs;
    expect((await restarted.take(push('p-new'))).is).toBe('given');
  });

  it("uses up a person's own part first: others go on", async () => {
    const budget = processOf();
    expect(
      await fail(
        budget,
        times(520, () => push('p-1')),
      ),
    ).toBe(40);
    expect(await budget.take(push('p-1'))).toEqual({ is: 'none', waitMs: 6 * minuteMs });
    expect((await budget.take(push('somebody else'))).is).toBe('given');
    expect((await budget.take(push('p-1', 'other.example'))).is).toBe('given');
    nowMs += 6 * minuteMs;
    expect((await budget.take(push('p-1'))).is).toBe('given');
  });

  it("is told another process's errors of a person with the first of its own", async () => {
    expect(
      await fail(
        processOf(),
        times(60, () => push('p-1')),
      ),
    ).toBe(40);
    expect(
      await fail(
        processOf(),
        times(60, () => push('p-1')),
      ),
    ).toBe(1);
  });

  it('lets challenges, whose addresses anybody may invent, use up only their part', async () => {
    const budget = processOf();
    expect(
      await fail(
        budget,
        times(200, (i) => challenge(`stranger-${i}`)),
      ),
    ).toBe(150);
    expect((await budget.take(push('p-1'))).is).toBe('given');
  });

  it('leaves challenges to others when a handful of accounts add what does not exist', async () => {
    const budget = processOf();
    const crowd = times(240, (i) => challenge(`stranger-${i % 6}`));
    expect(await fail(budget, crowd)).toBe(90);
    expect((await budget.take(challenge('somebody else'))).is).toBe('given');
  });

  it('is not spent by what went well, and costs that hardly a statement', async () => {
    const budget = processOf();
    statements = 0;
    for (let i = 0; i < 1_000; i += 1) {
      const leave = await budget.take(push('p-1'));
      if (leave.is === 'given') leave.giveBack();
      expect(leave.is).toBe('given');
    }
    expect(statements).toBeLessThan(5);
  });

  it('counts a leave anew before the minute in which it was taken is forgotten', async () => {
    const budget = processOf();
    const leave = await budget.take(push('p-1'));
    if (leave.is === 'given') leave.giveBack();
    nowMs += 4.5 * minuteMs;
    statements = 0;
    expect((await budget.take(push('p-1'))).is).toBe('given');
    expect(statements).toBeGreaterThan(0);
  });

  it('keeps no more than the last minutes, and names neither server nor person', async () => {
    const budget = processOf();
    await fail(budget, [push('p-1')]);
    const rows = async () => (await pools[0]!.query('select * from outbound.error_counts')).rows as object[];
    expect(await rows()).toHaveLength(2);
    expect(JSON.stringify(await rows())).not.toMatch(/bark\.example|p-1/);
    nowMs += 20 * minuteMs;
    await fail(budget, [push('p-1')]);
    expect(await rows()).toHaveLength(2);
  });

  it('lasts, without the database, as long as what is at hand, and works again after', async () => {
    const [held, empty] = [processOf(), processOf()];
    await fail(held, [push('p-1')]);
    isAway = true;
    expect(await empty.take(push('p-1'))).toEqual({ is: 'none', waitMs: 5_000 });
    expect(await underWay(held, 50)).toBe(15);
    isAway = false;
    expect((await empty.take(push('p-1'))).is).toBe('given');
  });
});
