import { Pool } from 'pg';
import { HarkError, plusMs } from '@hark/kernel';
import { FreshDatabase, freshDatabase } from '@hark/testing';
import { Guess, GuessLimits } from './guess-limits';

/** How many tries strangers make at one account: a hundred thousand on demand. */
const tries = Number(process.env['HARK_TEST_GUESSES'] ?? 2_000);

describe('limits on guessing', () => {
  let database: FreshDatabase;
  let pool: Pool;
  let statements = 0;
  let isAway = false;
  let now = '2026-11-28T12:00:00.000Z';
  /** A replica: only the database is shared. */
  const replica = () =>
    new GuessLimits(
      {
        query: (sql, values) => {
          statements += 1;
          return isAway ? Promise.reject(new Error('away')) : pool.query(sql, values);
        },
      },
      Buffer.alloc(32, 1),
      () => now,
    );
  let [one, two] = [replica(), replica()];
  beforeAll(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
  });
  beforeEach(async () => {
    isAway = false;
    [one, two] = [replica(), replica()];
    await one.sweep();
    await pool.query('truncate limits.guesses');
    statements = 0;
  });
  afterAll(async () => {
    await pool.end();
    await database.close();
  });

  const by = (source: string, account?: string): Guess => ({ kind: 'code', by: source, account });
  /** A wrong try: 0, or for how many seconds one has to wait for the next. */
  const wrong = async (limits: GuessLimits, guess: Guess): Promise<number> => {
    try {
      await limits.take(guess);
    } catch (error) {
      const { code, detail } = error as HarkError;
      return code === 'request.too-many-guesses' ? Number(detail.extra!['retryAfter']) : -1;
    }
    await limits.wasWrong(guess);
    return 0;
  };
  const wrongAtOnce = (limits: GuessLimits, guess: Guess, count: number): Promise<number> =>
    limits.wereWrong(guess, count).then(
      () => 0,
      (error: HarkError) => Number(error.detail.extra!['retryAfter']),
    );
  const right = async (limits: GuessLimits, guess: Guess): Promise<void> => {
    await limits.take(guess);
    await limits.giveBack(guess);
  };
  const pass = (seconds: number) => (now = plusMs(now, seconds * 1_000));
  const rows = async () => (await pool.query('select * from limits.guesses')).rows as Record<string, unknown>[];

  it('count each of many wrong ones of one call, also beyond what is free', async () => {
    expect(await wrongAtOnce(one, by('few'), 3)).toBe(0);
    expect(await wrongAtOnce(one, by('many'), 100)).toBe(0);
    const { rows } = await pool.query<{ wrong: number }>('select wrong from limits.guesses order by wrong');
    expect(rows.map(({ wrong: counted }) => Math.round(counted))).toEqual([3, 100]);
    expect(await wrong(one, by('many'))).toBe(900);
    expect(await wrong(one, by('few'))).toBe(0);
  });

  it('take ten wrong tries, then ever fewer, of all replicas together', async () => {
    const first: number[] = [];
    for (let i = 0; i < 11; i++) first.push(await wrong(i % 2 ? one : two, by('a')));
    expect(first).toEqual([...Array<number>(10).fill(0), 1]);
    const waits: number[] = [];
    for (const limits of [replica(), replica(), replica()]) {
      pass(waits.at(-1) ?? 1);
      expect(await wrong(limits, by('a'))).toBe(0);
      waits.push(await wrong(limits, by('a')));
    }
    expect(waits).toEqual([2, 4, 8]);
    expect(await wrong(two, by('b'))).toBe(0);
    expect(await wrong(two, { ...by('a'), kind: 'other' })).toBe(0);
  });

  it('hold for any number of tries at once, in few statements', async () => {
    const waits = await Promise.all(Array.from({ length: 1_000 }, (_, i) => wrong(i % 2 ? one : two, by('a'))));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
    expect(statements).toBeLessThan(20);
  });

  it('do not count what was right, nor let it undo what was wrong', async () => {
    for (let i = 0; i < 30; i++) await right(one, by('a'));
    for (let i = 0; i < 10; i++) await wrong(one, by('a'));
    pass(1);
    await right(replica(), by('a'));
    expect(await wrong(replica(), by('a'))).toBe(0);
    expect(await wrong(replica(), by('a'))).toBe(2);
  });

  it('forget half in an hour and the rest within a day, and keep neither address nor person', async () => {
    for (let i = 0; i < 10; i++) await wrong(one, by('192.0.2.1', 'ann@mail.example'));
    pass(3_600);
    const after: number[] = [];
    for (let i = 0; i < 6; i++) after.push(await wrong(replica(), by('192.0.2.1')));
    expect(after).toEqual([0, 0, 0, 0, 0, 1]);
    expect(JSON.stringify(await rows())).not.toMatch(/192\.0|ann@/);
    pass(24 * 3_600);
    await one.sweep();
    expect(await rows()).toEqual([]);
  });

  it(`let somebody log in at whose account ${tries} tries are made from elsewhere (A6)`, async () => {
    const sources = tries / 20;
    const source = (i: number) => `2001:db8:0:${(i % sources).toString(16)}`;
    let [made, seen] = [0, 0];
    while (made < tries) {
      const wave = Array.from({ length: Math.min(sources, tries - made) }, (_, i) => by(source(made + i), 'victim'));
      made += wave.length;
      seen += (await Promise.all(wave.map((guess, i) => wrong(i % 2 ? one : two, guess)))).filter(
        (it) => it === 0,
      ).length;
      await right(replica(), by('198.51.100.7', 'victim'));
    }
    // Ten each without the rule for an account under attack.
    expect(seen).toBeLessThan(sources * 4);
    await expect(right(two, by('198.51.100.7', 'victim'))).resolves.toBeUndefined();
  });

  it('are not made longer by a clock that was ahead', async () => {
    for (let i = 0; i < 12; i++) await wrong(one, by('a'));
    await right(one, by('b'));
    pass(-7_200);
    expect([await wrong(two, by('a')), await wrong(two, by('b'))]).toEqual([0, 0]);
  });

  it('let nobody guess while the database is away', async () => {
    isAway = true;
    await expect(one.take(by('a'))).rejects.toThrow('away');
    isAway = false;
    await expect(one.take(by('a'))).resolves.toBeUndefined();
  });
});
