import { LRUCache } from 'lru-cache';
import { IsoTime, Logger } from '@hark/kernel';
import { entriesAtMost, once } from '@hark/resilience';

/** What is needed of the database: TypeORM's `DataSource` or a pool of `pg`. */
interface UsesDatabase {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Secrets and keys that a process knows to have been noted today; of one forgotten the day is written again. */
const notedMax = 50_000;
/** Uses that wait for one statement; of one more the next use is noted. */
const waitingMax = 10_000;
/** After a failure nothing is noted for so long: a push never waits for this, and an outage is not made worse. */
const pauseMs = 60_000;
/** A day that is further back is forgotten, so that the table holds what is in use and no more. */
const keptDays = 400;
const lockOfPrepare = 4_817_205_334;

const prepare = `
  select pg_advisory_xact_lock(${lockOfPrepare});
  create schema if not exists credentials;
  create table if not exists credentials.uses (hash text primary key, used_on date not null);
  comment on table credentials.uses is 'the day on which a secret or key was last right, by its hash; may be lost';`;

// In the order of the hashes, so that two processes cannot wait for each other.
const write = `
  insert into credentials.uses as u (hash, used_on)
  select hash, $2::date from unnest($1::text[]) as t (hash) order by hash
  on conflict (hash) do update set used_on = greatest(u.used_on, excluded.used_on)`;
const sweep = `delete from credentials.uses where used_on < $1::date - ${keptDays}`;
const read = `select hash, to_char(used_on, 'YYYY-MM-DD') as day from credentials.uses where hash = any($1::text[])`;

/**
 * The day (UTC) on which each app secret and binding key was last shown and right, so that whoever gave it away sees whether
 * it is still used. A process writes once a day for each, behind the call that showed it: no push waits for it, and
 * what is lost in an outage is noted at the next use.
 */
export class CredentialUses {
  private readonly ready = once(() => this.database.query(prepare));
  private readonly noted = new LRUCache<string, string>(entriesAtMost(notedMax));
  private waiting = new Set<string>();
  private isRunning = false;
  private pausedUntilMs = 0;
  private sweptOn = '';

  constructor(
    private readonly database: UsesDatabase,
    private readonly now: () => IsoTime,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** Notes that the credential with this hash was right just now. Never throws and keeps nobody waiting. */
  note(hash: string): void {
    const now = this.now();
    if (this.noted.get(hash) === dayOf(now) || this.waiting.size >= waitingMax) return;
    if (Date.parse(now) < this.pausedUntilMs) return;
    this.noted.set(hash, dayOf(now));
    this.waiting.add(hash);
    if (!this.isRunning) void this.run();
  }

  /** The days, as `2026-12-01`, by the hashes that were used within 400 days. Throws what the database throws. */
  async lastDays(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (hashes.length === 0) return new Map();
    await this.ready();
    const answer = await this.database.query(read, [hashes]);
    // TypeORM answers with the rows, `pg` with an object that holds them.
    const rows = (Array.isArray(answer) ? answer : (answer as { rows: unknown }).rows) as {
      hash: string;
      day: string;
    }[];
    return new Map(rows.map(({ hash, day }) => [hash, day]));
  }

  /** Never rejects. All that is noted while a statement is under way shares the next one. */
  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.size > 0) {
      const [batch, today] = [[...this.waiting], dayOf(this.now())];
      this.waiting = new Set();
      try {
        await this.ready();
        await this.database.query(write, [batch, today]);
        if (this.sweptOn !== today) await this.database.query(sweep, [today]);
        this.sweptOn = today;
      } catch (err) {
        this.log.warn({ err, lost: batch.length + this.waiting.size }, 'days of last use were not noted');
        this.pausedUntilMs = Date.parse(this.now()) + pauseMs;
        for (const hash of [...batch, ...this.waiting]) this.noted.delete(hash);
        this.waiting.clear();
      }
    }
    this.isRunning = false;
  }
}

const dayOf = (time: IsoTime): string => time.slice(0, 10);
