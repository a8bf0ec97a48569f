import type { DataSource } from 'typeorm';
import { ByLabel, Metrics } from './metrics';

/** Rows of a service's table that wait for somebody or for their time. */
export interface Queue {
  /** The value of the label `queue`. */
  readonly name: string;
  /** A query with one row: `waiting`, how many, and `oldest_seconds`, how long the first has waited, null for none. */
  readonly sql: string;
}

/** How many wait in a queue, and for how long the first has. */
export interface QueueFigures {
  readonly queue: string;
  readonly waiting: number;
  readonly oldestSeconds: number;
}

interface Row {
  readonly waiting: string | number;
  readonly oldest_seconds: string | number | null;
}

/** The shortest time between two queries, however often somebody asks. */
const askedEveryMs = 15_000;

/**
 * Exports `hark_queue_waiting` and `hark_queue_oldest_seconds` and returns what asks for both. Every replica reports the
 * same: take the largest, not the sum.
 */
export function exportQueues(
  metrics: Metrics,
  database: DataSource,
  queues: readonly Queue[],
): () => Promise<readonly QueueFigures[]> {
  let askedAtMs = -Infinity;
  let figures: Promise<readonly QueueFigures[]> | undefined;
  const ask = ({ name, sql }: Queue): Promise<QueueFigures> =>
    database.query<Row[]>(sql).then(([row]) => ({
      queue: name,
      waiting: Number(row!.waiting),
      oldestSeconds: Number(row!.oldest_seconds ?? 0),
    }));
  const current = (): Promise<readonly QueueFigures[]> => {
    const nowMs = performance.now();
    if (!figures || nowMs - askedAtMs > askedEveryMs) {
      askedAtMs = nowMs;
      figures = Promise.all(queues.map(ask));
      figures.catch(() => (figures = undefined));
    }
    return figures;
  };
  if (queues.length === 0) return current;
  const each = async (of: (figures: QueueFigures) => number): Promise<ByLabel> =>
    Object.fromEntries((await current()).map((one) => [one.queue, of(one)]));
  metrics.gaugeBy('hark_queue_waiting', 'How many wait in a queue.', 'queue', () => each(({ waiting }) => waiting));
  metrics.gaugeBy('hark_queue_oldest_seconds', 'For how long the first in a queue has waited.', 'queue', () =>
    each(({ oldestSeconds }) => oldestSeconds),
  );
  return current;
}
