import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { entriesAtMost, once } from '@hark/resilience';

/** What the budget needs of the database: TypeORM's `DataSource` or a pool of `pg`. */
export interface BudgetDatabase {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * One request to a server: for whom it is, and whether it is a challenge, i.e. to an address that nobody has proved
 * yet.
 */
export interface Spender {
  /** Host and port. */
  readonly server: string;
  readonly personId: string;
  readonly isChallenge: boolean;
}

/**
 * Either leave to send one request, or how long to wait for it. Call exactly one of the two endings once: give it back
 * when the answer was no error, else spend it.
 */
export type Leave =
  { readonly is: 'given'; giveBack(): void; spend(): Promise<void> } | { readonly is: 'none'; readonly waitMs: number };

interface Count {
  /** Errors in the window as far as this process knows. It learns of the others' errors with its own next one. */
  readonly errors: number;
  /** When the oldest errors leave the window. */
  readonly freeMs: number;
}

const windowMinutes = 5;
const minuteMs = 60_000;
// api.day.app bans an IP address for a day after 1 000 error replies in five minutes (Bark docs). All processes share
// that address. A person's own dead devices use up that person's part, and unproved keys (anybody can invent keys) one
// part of the server's budget, so that neither can stop the pushes of everybody else.
const serverMax = 500;
const challengesMax = 150;
const userMax = 40;
// Nor may a handful of accounts that add invented keys hold back everybody else's codes.
const userChallengesMax = 15;
/** How many leaves a process takes at a time. */
const chunk = 16;
/** A leave counts in the minute in which it was taken, so it must be used well before that minute leaves the window. */
const leaveMs = (windowMinutes - 1) * minuteMs;
const unreachableMs = 5_000;
const sweepMs = 5 * minuteMs;
const serversMax = 1_000;
const countsMax = 10_000;
const lockOfPrepare = 4_817_205_332;

const prepare = `
  select pg_advisory_xact_lock(${lockOfPrepare});
  create schema if not exists outbound;
  create table if not exists outbound.error_counts (
    scope text not null, minute bigint not null, errors integer not null, primary key (scope, minute));
  comment on table outbound.error_counts is 'error replies of providers, by minute; rows older than ten minutes may go';`;

// The present minute's count comes from the row that this statement has locked, so two processes cannot both take the
// last leaves.
const add = `
  with added as (
    insert into outbound.error_counts as c (scope, minute, errors) values ($1, $2, $3)
    on conflict (scope, minute) do update set errors = c.errors + $3
    returning errors)
  select added.errors + coalesce(sum(earlier.errors), 0) as errors, least(min(earlier.minute), $2) as since
    from added left join outbound.error_counts earlier
      on earlier.scope = $1 and earlier.minute between $2 - ${windowMinutes} and $2 - 1 and earlier.errors > 0
   group by added.errors`;

/**
 * Error replies that the hub may still cause on each server in a window of five minutes, counted for all processes
 * together. The counts are in Postgres and survive a restart. A process takes some leaves from the server's count
 * before it sends and reuses each until an answer is an error. So requests under way cannot exceed the budget either,
 * and successes cost no statement. A process that dies has spent the leaves it held. While the database is away, the
 * leaves at hand are all there are.
 */
export class ErrorBudget {
  private readonly ready = once(() => this.database.query(prepare));
  private sweptMs = 0;
  /** By server: the times until which the leaves at hand may be used. */
  private readonly leaves = new LRUCache<string, number[]>(entriesAtMost(serversMax));
  private readonly refills = new Map<string, Promise<number>>();
  private readonly counts = new LRUCache<string, Count>(entriesAtMost(countsMax));

  constructor(
    private readonly database: BudgetDatabase,
    private readonly nowMs: () => number = () => Date.now(),
  ) {}

  /** Gives leave for one request, or says how long to wait. Never throws. */
  async take({ server, personId, isChallenge }: Spender): Promise<Leave> {
    const scopes: [string, number][] = [[scopeOf('person', server, personId), userMax]];
    if (isChallenge) {
      scopes.push([scopeOf('person-challenges', server, personId), userChallengesMax]);
      scopes.push([scopeOf('challenges', server), challengesMax]);
    }
    const usedUp = scopes.flatMap(([scope, most]) => this.waitMs(scope, most) ?? []);
    if (usedUp.length > 0) return { is: 'none', waitMs: Math.max(...usedUp) };
    try {
      for (;;) {
        const untilMs = this.leaveAtHand(server);
        if (untilMs !== undefined) {
          const spend = async () => {
            for (const [scope] of scopes) await this.count(scope);
          };
          return { is: 'given', giveBack: () => void this.leaves.get(server)?.push(untilMs), spend };
        }
        const waitMs = await this.refill(server);
        if (waitMs > 0) return { is: 'none', waitMs };
      }
    } catch {
      return { is: 'none', waitMs: unreachableMs };
    }
  }

  private waitMs(scope: string, most: number): number | undefined {
    const { errors = 0, freeMs = 0 } = this.counts.get(scope) ?? {};
    const waitMs = freeMs - this.nowMs();
    return errors >= most && waitMs > 0 ? waitMs : undefined;
  }

  private leaveAtHand(server: string): number | undefined {
    const leaves = this.leaves.get(server) ?? [];
    for (let untilMs = leaves.pop(); untilMs !== undefined; untilMs = leaves.pop())
      if (untilMs > this.nowMs()) return untilMs;
    return undefined;
  }

  /**
   * Takes more leaves, with one statement for all who ask at the same time; answers how long to wait when there are
   * none.
   */
  private refill(server: string): Promise<number> {
    const under = this.refills.get(server) ?? this.fetch(server).finally(() => this.refills.delete(server));
    this.refills.set(server, under);
    return under;
  }

  private async fetch(server: string): Promise<number> {
    const scope = scopeOf('server', server);
    const untilMs = this.nowMs() + leaveMs;
    const { errors, freeMs } = await this.add(scope, chunk);
    const excess = Math.min(chunk, Math.max(0, errors - serverMax));
    if (excess > 0) await this.add(scope, -excess);
    if (excess === chunk) return Math.max(1_000, freeMs - this.nowMs());
    const leaves = this.leaves.get(server) ?? [];
    leaves.push(...Array<number>(chunk - excess).fill(untilMs));
    this.leaves.set(server, leaves);
    return 0;
  }

  /**
   * Notes an error of a person or of challenges. Lost while the database is away; the server's count has it already.
   */
  private async count(scope: string): Promise<void> {
    try {
      this.counts.set(scope, await this.add(scope, 1));
    } catch {
      return;
    }
  }

  private async add(scope: string, errors: number): Promise<Count> {
    const minute = Math.floor(this.nowMs() / minuteMs);
    await this.ready();
    await this.sweep(minute);
    const [row] = await this.rows(add, [scope, minute, errors]);
    return { errors: Number(row!.errors), freeMs: (Number(row!.since) + windowMinutes + 1) * minuteMs };
  }

  private async sweep(minute: number): Promise<void> {
    if (this.nowMs() - this.sweptMs < sweepMs) return;
    this.sweptMs = this.nowMs();
    await this.rows('delete from outbound.error_counts where minute < $1', [minute - 2 * windowMinutes]);
  }

  private async rows(sql: string, parameters: unknown[]): Promise<readonly Row[]> {
    const answer = (await this.database.query(sql, parameters)) as { rows?: unknown } | unknown[];
    // TypeORM answers with the rows, `pg` with an object that holds them.
    return (Array.isArray(answer) ? answer : (answer.rows ?? [])) as Row[];
  }
}

interface Row {
  readonly errors: string;
  readonly since: string;
}

/** A digest, so that the table holds neither hosts nor persons. */
const scopeOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
