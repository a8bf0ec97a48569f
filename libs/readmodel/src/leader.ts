import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { BackOff, pause, withTimeout } from '@hark/resilience';
import { Sql } from './sql';

const lookEveryMs = 500;
const heartbeatEveryMs = 5_000;
const leaseMs = 20_000;
const statementTimeoutMs = 30_000;
// A little more than the server's own limit: after this time it is the connection that does not answer.
const answerTimeoutMs = 35_000;
const quickTimeoutMs = 5_000;

// No write waits for the disk, because what a crash loses is read from the log again. And the lock is a lease: the
// server ends the session of a leader that it no longer hears, so that another process can take over.
const sessionSettings = `
  set synchronous_commit = off;
  set statement_timeout = ${statementTimeoutMs};
  set idle_in_transaction_session_timeout = ${statementTimeoutMs};
  set idle_session_timeout = ${leaseMs}`;

/**
 * The only connection that may write a service's read model. It holds the lock and carries the writes, so that a
 * process without the lock cannot write.
 */
export class Leader implements Sql {
  private readonly gone = new AbortController();
  private readonly lose = (): void => this.gone.abort();
  private tail: Promise<unknown> = Promise.resolve();
  private heartbeat: NodeJS.Timeout | undefined;
  private asking = 0;

  private constructor(
    private readonly connection: PoolClient,
    private readonly release: () => Promise<void>,
  ) {
    connection.once('end', this.lose);
    connection.once('error', this.lose);
  }

  /** Waits until the lock is free; undefined when `signal` aborts first. Throws when the database is away. */
  static async elect(dataSource: DataSource, service: string, signal: AbortSignal): Promise<Leader | undefined> {
    const runner = dataSource.createQueryRunner();
    const leader = new Leader((await runner.connect()) as PoolClient, () => runner.release());
    try {
      await leader.ask(quickTimeoutMs, sessionSettings);
      const backOff = new BackOff(lookEveryMs, lookEveryMs);
      while (!signal.aborted) {
        const { rows } = await leader.ask(
          quickTimeoutMs,
          'select pg_try_advisory_lock(hashtextextended($1, 0)) as won',
          [`readmodel:${service}`],
        );
        if ((rows as { won: boolean }[])[0]?.won) return leader.begin();
        await pause(backOff.nextMs(), AbortSignal.any([signal, leader.gone.signal]));
      }
      await leader.resign();
      return undefined;
    } catch (error) {
      await leader.resign();
      throw error;
    }
  }

  /** Aborts when the connection, and with it the lock, is lost. */
  get lost(): AbortSignal {
    return this.gone.signal;
  }

  /** Runs it after those that were asked for before. Several statements without values are one transaction. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> {
    const mine = this.tail.then(() => this.ask(answerTimeoutMs, text, values));
    this.tail = mine.catch(() => undefined);
    return mine;
  }

  /** Releases the lock and returns the connection to the pool. Never throws. */
  async resign(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.tail;
    try {
      if (!this.gone.signal.aborted) await this.query('discard all');
    } catch {
      this.gone.abort(); // with the connection the lock is gone too
    }
    await this.release().catch(() => undefined);
    // The pool gives the connection out again, also to the next leader.
    this.connection.off('end', this.lose).off('error', this.lose);
  }

  private begin(): this {
    this.heartbeat = setInterval(() => {
      if (this.asking === 0) void this.ask(quickTimeoutMs, 'select 1').catch(() => this.gone.abort());
    }, heartbeatEveryMs);
    return this;
  }

  private async ask(timeoutMs: number, text: string, values?: unknown[]) {
    this.asking += 1;
    try {
      return await withTimeout(timeoutMs, this.connection.query(text, values), () => this.giveUpSilent(timeoutMs));
    } finally {
      this.asking -= 1;
    }
  }

  private giveUpSilent(timeoutMs: number): never {
    const failure = new Error(`no answer from the database within ${timeoutMs} ms`);
    this.gone.abort();
    // Makes the pool discard the connection: a dead one must not be handed out again.
    if (this.connection.listenerCount('error') > 0) this.connection.emit('error', failure);
    throw failure;
  }
}
