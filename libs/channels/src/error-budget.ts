import { createHash } from 'node:crypto';

/** What the budget needs of the database: TypeORM's `DataSource` or a pool of `pg`. */
export interface BudgetDatabase {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** One request to a server: for whom, and whether it is a challenge, whose address nobody has proved yet. */
export interface Spender {
  /** Host and port. */
  readonly server: string;
  readonly personId: string;
  readonly isChallenge: boolean;
}

/** Leave to send, to be given back when the answer was no error; or how long to wait for it. */
export type Leave =
  { readonly is: 'given'; giveBack(): Promise<void> } | { readonly is: 'none'; readonly waitMs: number };

const windowMinutes = 5;
const minuteMs = 60_000;
// The public Bark server bans an address for a day after 1 000 error replies in five minutes; what counts is the address
// that all processes share. A person's own dead devices use up the person's part, and what nobody has proved to exist
// (anybody may invent keys) a part of the server's, before they touch what everybody else's pushes live on.
const serverMax = 500;
const challengesMax = 150;
const personMax = 40;
// A handful of accounts that add invented keys must not keep everybody else's codes back either.
const personChallengesMax = 15;
const unreachableMs = 5_000;
const sweepMs = 5 * minuteMs;
const lockOfPrepare = 4_817_205_332;

const prepare = `
  select pg_advisory_xact_lock(${lockOfPrepare});
  create schema if not exists outbound;
  create table if not exists outbound.error_counts (
    scope text not null, minute bigint not null, errors integer not null, primary key (scope, minute));
  comment on table outbound.error_counts is 'error replies of providers, by minute; rows older than ten minutes may go';`;

// Rows are locked in one order, so that two that share scopes do not wait for each other. The present minute's count is
// read from the row that this statement has locked, so no two take the last one.
const take = `
  with wanted as (select scope, most from unnest($1::text[], $2::int[]) as w(scope, most)),
  taken as (
    insert into outbound.error_counts as c (scope, minute, errors) select scope, $3, 1 from wanted order by scope
    on conflict (scope, minute) do update set errors = c.errors + 1
    returning scope, errors)
  select least(min(earlier.minute), $3) as since
    from wanted join taken using (scope)
    left join outbound.error_counts earlier
      on earlier.scope = wanted.scope and earlier.minute between $3 - ${windowMinutes} and $3 - 1 and earlier.errors > 0
   group by wanted.scope, wanted.most, taken.errors
  having taken.errors + coalesce(sum(earlier.errors), 0) > wanted.most`;

const giveBack = `
  insert into outbound.error_counts as c (scope, minute, errors) select s, $2, 0 from unnest($1::text[]) as s order by s
  on conflict (scope, minute) do update set errors = greatest(c.errors - 1, 0)`;

/**
 * Error replies that servers may still be made to give, counted over five minutes by all processes together: the counts
 * stand in Postgres, so they also survive a restart. Each request takes its leave before it goes and gives it back when
 * the answer was no error, so not even what is under way can exceed the budget; a process that dies in between has spent
 * it. While the database cannot be reached nothing is allowed.
 */
export class ErrorBudget {
  private prepared: Promise<unknown> | undefined;
  private sweptMs = 0;

  constructor(
    private readonly database: BudgetDatabase,
    private readonly nowMs: () => number = () => Date.now(),
  ) {}

  /** Leave for one request. Never throws. */
  async take({ server, personId, isChallenge }: Spender): Promise<Leave> {
    const limits = [
      [scopeOf('person', server, personId), personMax],
      [scopeOf('server', server), serverMax],
      ...(isChallenge
        ? ([
            [scopeOf('person-challenges', server, personId), personChallengesMax],
            [scopeOf('challenges', server), challengesMax],
          ] as const)
        : []),
    ] as const;
    const scopes = limits.map(([scope]) => scope);
    const minute = Math.floor(this.nowMs() / minuteMs);
    const returned = () => this.rows(giveBack, [scopes, minute]).then(() => undefined);
    try {
      await this.ready();
      await this.sweep(minute);
      const exceeded = await this.rows(take, [scopes, limits.map(([, most]) => most), minute]);
      // Not given back it counts as an error until its minute has passed: too careful, which is harmless.
      if (exceeded.length === 0) return { is: 'given', giveBack: () => returned().catch(() => undefined) };
      await returned();
      const freeMinute = Math.max(...exceeded.map(({ since }) => Number(since))) + windowMinutes + 1;
      return { is: 'none', waitMs: Math.max(1_000, freeMinute * minuteMs - this.nowMs()) };
    } catch {
      return { is: 'none', waitMs: unreachableMs };
    }
  }

  private async sweep(minute: number): Promise<void> {
    if (this.nowMs() - this.sweptMs < sweepMs) return;
    this.sweptMs = this.nowMs();
    await this.rows('delete from outbound.error_counts where minute < $1', [minute - 2 * windowMinutes]);
  }

  private async ready(): Promise<void> {
    this.prepared ??= this.database.query(prepare);
    try {
      await this.prepared;
    } catch (error) {
      this.prepared = undefined;
      throw error;
    }
  }

  private async rows(sql: string, parameters: unknown[]): Promise<readonly { readonly since: string }[]> {
    const answer = (await this.database.query(sql, parameters)) as { rows?: unknown } | unknown[];
    // TypeORM answers with the rows, `pg` with an object that has them.
    return (Array.isArray(answer) ? answer : (answer.rows ?? [])) as { since: string }[];
  }
}

/** Neither hosts nor persons stand in the table. */
const scopeOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
