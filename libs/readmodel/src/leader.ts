import { BackOff, pause } from '@hark/eventstore';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { Sql } from './sql';

const lookEveryMs = 500;
const heartbeatEveryMs = 5_000;
const statementTimeoutMs = 30_000;

/**
 * The one connection that may write a service's read model: it holds the lock, and the writes go through it, so that
 * nobody can write who has lost the lock.
 */
export class Leader implements Sql {
  private readonly gone = new AbortController();
  private tail: Promise<unknown> = Promise.resolve();
  private heartbeat: NodeJS.Timeout | undefined;

  private constructor(
    private readonly connection: PoolClient,
    private readonly release: () => Promise<void>,
  ) {
    connection.once('end', () => this.gone.abort());
    connection.once('error', () => this.gone.abort());
  }

  /** Waits until the lock is free; undefined when `signal` aborts first. Throws when the database is away. */
  static async elect(dataSource: DataSource, service: string, signal: AbortSignal): Promise<Leader | undefined> {
    const runner = dataSource.createQueryRunner();
    const leader = new Leader((await runner.connect()) as PoolClient, () => runner.release());
    try {
      // What a crash of the database could lose is read from the log again, so no write waits for the disk.
      await leader.query(`set synchronous_commit = off; set statement_timeout = ${statementTimeoutMs}`);
      const backOff = new BackOff(lookEveryMs, lookEveryMs);
      while (!signal.aborted) {
        const { rows } = await leader.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as won', [
          `readmodel:${service}`,
        ]);
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

  async query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> {
    return this.connection.query(text, values);
  }

  /** Runs `work` in a transaction, after the transactions asked for before. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const mine = this.tail.then(() => this.inTransaction(work));
    this.tail = mine.catch(() => undefined);
    return mine;
  }

  /** Gives the lock back and the connection to the pool. Never throws. */
  async resign(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.tail;
    try {
      if (!this.gone.signal.aborted) await this.query('discard all');
    } catch {
      this.gone.abort(); // the connection is over, and so is the lock
    }
    await this.release().catch(() => undefined);
  }

  private begin(): this {
    const beat = () => void this.query('select 1').catch(() => this.gone.abort());
    this.heartbeat = setInterval(beat, heartbeatEveryMs);
    return this;
  }

  private async inTransaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    await this.query('begin');
    try {
      const result = await work(this);
      await this.query('commit');
      return result;
    } catch (error) {
      // A transaction that cannot be ended must not go on: give the connection up, and the lock with it.
      await this.query('rollback').catch(() => this.gone.abort());
      throw error;
    }
  }
}
