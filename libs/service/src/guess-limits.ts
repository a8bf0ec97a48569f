import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HarkError, IsoTime } from '@hark/kernel';
import { entriesAtMost, once } from '@hark/resilience';

/** What the limits need of the database: TypeORM's `DataSource` or a pool of `pg`. */
export interface GuessDatabase {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** One try at a secret, before it is known whether it is right. */
export interface Guess {
  /** What is guessed, such as `log-in`: each kind is counted by itself. */
  readonly kind: string;
  /** Who tries, in words that are the same next time: a source address or a person. Only its keyed hash is kept. */
  readonly by: string;
  /** At whom or what the guess is directed. Under many wrong tries strangers get fewer, whatever their address. */
  readonly account?: string | undefined;
  /** How many wrong tries are free; ten unless said otherwise. */
  readonly free?: number | undefined;
}

/** So many wrong tries are free, unless their kind says otherwise; then each costs a wait. */
const freeDefault = 10;
/** Of a source that guesses at an account under attack, i.e. one with `attackedAt` wrong tries that are not faded. */
const freeMaxUnderAttack = 2;
const attackedAt = 20;
/** The first wait; each further wrong try doubles it, up to the longest. */
const waitSeconds = 1;
const waitMaxSeconds = 900;
/** After this time half of the wrong tries are forgotten. */
const halfLifeSeconds = 3_600;
/** No count is higher, so none takes longer than a day to fade. */
const countMax = 2 ** 20;
/** How many rows there may be; those that fade first go first. */
const rowsMax = 500_000;
/** Tries that wait for one statement; one more is refused at once. */
const waitingMax = 10_000;
/** For how long a process believes that somebody has to wait, without looking. */
const believedMs = 1_000;
const believedMax = 10_000;
const lockOfPrepare = 4_817_205_333;

/** In the place of an account: the try is directed at none; the row is an account's own, which is only counted. */
const none = '-';
const counted = '';

const prepare = `
  select pg_advisory_xact_lock(${lockOfPrepare});
  create schema if not exists limits;
  create unlogged table if not exists limits.guesses (
    key text primary key, wrong double precision not null, free_at timestamptz, at timestamptz not null,
    expires_at timestamptz not null);
  create index if not exists guesses_expiring on limits.guesses (expires_at);
  comment on table limits.guesses is 'wrong tries at secrets, by keyed hash of who tried; no row is older than a day';`;

const faded = (row: string) =>
  `coalesce(${row}.wrong * power(2, -greatest(0, extract(epoch from $1::timestamptz - ${row}.at)) / ${halfLifeSeconds}), 0)`;

// A wait that is longer than there are comes from a clock that was ahead, and does not count.
// A batch of one process: for each key so many tries taken and given back. The rows are locked in the order of their
// keys, so that two processes cannot wait for each other. Tries beyond the free ones are granted one at a time.
const settle = `
  with asked as (
    select * from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::int[]) as a (key, taken, back, account, free_max)),
  locked as (
    select * from limits.guesses where key in (select key from asked) order by key for update),
  known as (
    select asked.*, greatest(0, ${faded('locked')} - back) as wrong,
           case when back > 0 or locked.free_at > $1::timestamptz + ${waitMaxSeconds} * interval '1 second' then null else locked.free_at end as free_at,
           case when account = '${counted}' then ${countMax}
                when ${faded('other')} >= ${attackedAt} then ${freeMaxUnderAttack} else free_max end as free
      from asked left join locked using (key) left join limits.guesses other on other.key = asked.account),
  granted as (
    select *, case when free_at > $1 then 0 else least(taken, greatest(1, floor(free - wrong)))::int end as granted
      from known),
  counted as (
    select key, granted, free_at, least(${countMax}, wrong + granted) as wrong,
           case when granted > 0 and round(wrong + granted) >= free
                then $1::timestamptz + ${waitSeconds} * interval '1 second'
                     * least(${waitMaxSeconds}, power(2, least(30, round(wrong + granted) - free)))
                else free_at end as next_at
      from granted),
  written as (
    insert into limits.guesses as g
    select key, wrong, next_at, $1,
           greatest(next_at, $1::timestamptz + ${halfLifeSeconds} * interval '1 second' * (1 + log(2, greatest(1, wrong)::numeric)))
      from counted order by key
    on conflict (key) do update
      set wrong = excluded.wrong, free_at = excluded.free_at, at = excluded.at, expires_at = excluded.expires_at)
  select key, granted, coalesce(ceil(extract(epoch from next_at - $1::timestamptz)), 0) as wait from counted`;

const sweep = `
  delete from limits.guesses where expires_at < $1
      or key in (select key from limits.guesses order by expires_at desc offset ${rowsMax})`;

interface Asked {
  readonly key: string;
  /** The key of the account's row, `none` or `counted`. */
  readonly account: string;
  readonly free: number;
  /** How many tries; more than one only where they are counted and not granted. */
  readonly taken: number;
  readonly back: 0 | 1;
  /** Resolves with 0 when the try was granted, else with the seconds to wait. */
  readonly settled: (waitSeconds: number) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Counts wrong tries at secrets for all processes together, in Postgres. A few are free, then whoever tries waits longer
 * after each: a second, two, four, up to fifteen minutes; half of them are forgotten after an hour. Only who tries is
 * held up, never the account that is tried: nobody can lock another out. All tries that arrive while a statement is
 * under way share the next one.
 */
export class GuessLimits {
  private readonly ready = once(() => this.database.query(prepare));
  private waiting: Asked[] = [];
  private isRunning = false;
  /** Who has to wait, and until when, as it was told at `atMs`. */
  private readonly believed = new LRUCache<string, { readonly atMs: number; readonly freeMs: number }>(
    entriesAtMost(believedMax),
  );

  /** `lookupKey` is the key of the hashes, `now` the clock. */
  constructor(
    private readonly database: GuessDatabase,
    private readonly lookupKey: Uint8Array,
    private readonly now: () => IsoTime,
  ) {}

  /**
   * Takes a try, which counts as wrong until it is given back. Throws `request.too-many-guesses` with the seconds to wait
   * as `retryAfter`, or what the database throws: without it nobody may guess.
   */
  async take(guess: Guess): Promise<void> {
    const { free = freeDefault } = guess;
    const key = this.keyOf(guess.kind, 'by', guess.by);
    const nowMs = Date.parse(this.now());
    const { atMs = -Infinity, freeMs = 0 } = this.believed.get(key) ?? {};
    if (nowMs >= atMs && nowMs < Math.min(freeMs, atMs + believedMs))
      throw tooMany(Math.ceil((freeMs - nowMs) / 1_000), free);
    const account = guess.account === undefined ? none : this.keyOf(guess.kind, 'account', guess.account);
    const wait = await this.ask({ key, account, free, taken: 1, back: 0 });
    if (wait <= 0) return;
    this.believed.set(key, { atMs: nowMs, freeMs: nowMs + wait * 1_000 });
    throw tooMany(wait, free);
  }

  /** The try that was taken was right, or nothing was tried. */
  async giveBack({ kind, by }: Guess): Promise<void> {
    const key = this.keyOf(kind, 'by', by);
    this.believed.delete(key);
    await this.ask({ key, account: none, free: freeDefault, taken: 0, back: 1 });
  }

  /** The try that was taken was wrong: that counts for the account too. */
  async wasWrong({ kind, account }: Guess): Promise<void> {
    if (account === undefined) return;
    const key = this.keyOf(kind, 'account', account);
    await this.ask({ key, account: counted, free: freeDefault, taken: 1, back: 0 });
  }

  /**
   * So many secrets were wrong in one call, each of them a try: those beyond the limit count too. Throws
   * `request.too-many-guesses` where one more would not have been granted.
   */
  async wereWrong(guess: Guess, count: number): Promise<void> {
    const key = this.keyOf(guess.kind, 'by', guess.by);
    if (count > 1) await this.ask({ key, account: counted, free: freeDefault, taken: count - 1, back: 0 });
    if (count > 0) await this.take(guess);
  }

  /** Deletes what has expired. To be called every minute or so. */
  async sweep(): Promise<void> {
    await this.ready();
    await this.database.query(sweep, [this.now()]);
  }

  private ask(asked: Omit<Asked, 'settled' | 'failed'>): Promise<number> {
    if (this.waiting.length >= waitingMax) {
      const extra = { retryAfter: 1 };
      return Promise.reject(new HarkError('unavailable', 'service.overloaded', 'too many tries at once', { extra }));
    }
    return new Promise((settled, failed) => {
      this.waiting.push({ ...asked, settled, failed });
      if (!this.isRunning) void this.run();
    });
  }

  /** Never rejects. */
  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const batch = Map.groupBy(this.waiting, ({ key }) => key);
      this.waiting = [];
      try {
        await this.ready();
        const rows = await this.settleBatch(batch);
        for (const { key, granted, wait } of rows) answer(batch.get(key)!, granted, Math.max(1, Number(wait)));
      } catch (error) {
        for (const asked of [...batch.values()].flat()) asked.failed(error);
      }
    }
    this.isRunning = false;
  }

  private async settleBatch(batch: ReadonlyMap<string, readonly Asked[]>): Promise<readonly Row[]> {
    const keys = [...batch.values()];
    const rows = await this.database.query(settle, [
      this.now(),
      [...batch.keys()],
      keys.map((asked) => sum(asked, 'taken')),
      keys.map((asked) => sum(asked, 'back')),
      // One try stands for all that a source makes at once: most tries of a batch are alike.
      keys.map((asked) => firstTry(asked)?.account ?? none),
      keys.map((asked) => firstTry(asked)?.free ?? freeDefault),
    ]);
    // TypeORM answers with the rows, `pg` with an object that holds them.
    return (Array.isArray(rows) ? rows : (rows as { rows: unknown }).rows) as Row[];
  }

  private keyOf(...words: readonly string[]): string {
    return createHmac('sha256', this.lookupKey)
      .update(JSON.stringify(['guess', ...words]))
      .digest('base64url')
      .slice(0, 22);
  }
}

interface Row {
  readonly key: string;
  readonly granted: number;
  readonly wait: string;
}

const firstTry = (asked: readonly Asked[]): Asked | undefined =>
  asked.find(({ taken, account }) => taken > 0 && account !== counted) ?? asked.find(({ taken }) => taken > 0);

const sum = (asked: readonly Asked[], what: 'taken' | 'back'): number =>
  asked.reduce((total, one) => total + one[what], 0);

function answer(batch: readonly Asked[], granted: number, waitSeconds: number): void {
  let left = granted;
  for (const { taken, settled } of batch) {
    settled(taken === 0 || left > 0 ? 0 : waitSeconds);
    left -= taken;
  }
}

const tooMany = (retryAfter: number, free: number) =>
  new HarkError('refused', 'request.too-many-guesses', 'too many wrong tries', {
    extra: { retryAfter: Math.max(1, retryAfter), free },
  });
