import type { DataSource } from 'typeorm';
import { ByLabel, Metrics } from './metrics';

/** Rows of a service's table that wait for somebody or for their time. */
export interface Queue {
  /** The value of the label `queue`. */
  readonly name: string;
  /** A query with one row: `waiting`, how many, and `oldest_seconds`, how long the first has waited, null for none. */
  readonly sql: string;
}

interface Row {
  readonly waiting: string | number;
  readonly oldest_seconds: string | number | null;
}

/** The shortest time between two queries, however often the metrics are read. */
const askedEveryMs = 15_000;

/**
 * `hark_queue_waiting` and `hark_queue_oldest_seconds`. Every replica reports the same: take the largest, not the sum.
 */
export function exportQueues(metrics: Metrics, database: DataSource, queues: readonly Queue[]): void {
  if (queues.length === 0) return;
  let askedAtMs = -Infinity;
  let rows: Promise<ReadonlyMap<string, Row>> | undefined;
  const ask = async (): Promise<ReadonlyMap<string, Row>> => {
    const replies = queues.map(async ({ name, sql }) => [name, (await database.query<Row[]>(sql))[0]!] as const);
    return new Map(await Promise.all(replies));
  };
  const figures = async (of: (row: Row) => number): Promise<ByLabel> => {
    const nowMs = performance.now();
    if (!rows || nowMs - askedAtMs > askedEveryMs) {
      askedAtMs = nowMs;
      rows = ask();
      rows.catch(() => (rows = undefined));
    }
    return Object.fromEntries([...(await rows)].map(([name, row]) => [name, of(row)]));
  };
  metrics.gaugeBy('hark_queue_waiting', 'How many wait in a queue.', 'queue', () =>
    figures(({ waiting }) => Number(waiting)),
  );
  metrics.gaugeBy('hark_queue_oldest_seconds', 'For how long the first in a queue has waited.', 'queue', () =>
    figures(({ oldest_seconds }) => Number(oldest_seconds ?? 0)),
  );
}
