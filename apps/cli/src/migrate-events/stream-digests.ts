import { DatabaseSync } from 'node:sqlite';
import { chainedHash, type CopiedEvent, isTombstone, tombstoneRevision } from './copied-event';

export type Side = 'source' | 'target';

/** What is known of a stream on one side. */
export interface StreamDigest {
  readonly count: number;
  /** The revision the next event must have; `tombstoneRevision` behind a tombstone. */
  readonly nextRevision: bigint;
  /** `chainedHash` of its events in order. */
  readonly hash: Uint8Array;
}

/** A stream that differs between the two sides. */
export interface StreamDifference {
  readonly streamId: string;
  readonly sourceCount: number;
  readonly targetCount: number;
}

const cachedMax = 20_000;
const none: StreamDigest = { count: 0, nextRevision: 0n, hash: new Uint8Array(0) };

/**
 * Count and hash of every stream on both sides, in a temporary SQLite database on disk, so that memory does not grow
 * with the number of streams.
 */
export class StreamDigests {
  // SQLite docs: an empty name opens a temporary database, which is gone however this process ends.
  private readonly db = new DatabaseSync('');
  private readonly cached: Readonly<Record<Side, Map<string, StreamDigest>>> = { source: new Map(), target: new Map() };

  constructor() {
    this.db.exec(`CREATE TABLE digests (
      side TEXT NOT NULL, stream TEXT NOT NULL, count INTEGER NOT NULL, next TEXT NOT NULL, hash BLOB NOT NULL,
      PRIMARY KEY (side, stream)) WITHOUT ROWID, STRICT`);
  }

  of(side: Side, streamId: string): StreamDigest {
    const cached = this.cached[side].get(streamId);
    if (cached !== undefined) return cached;
    const row = this.db
      .prepare('SELECT count, next, hash FROM digests WHERE side = ? AND stream = ?')
      .get(side, streamId);
    if (row === undefined) return none;
    return { count: Number(row['count']), nextRevision: BigInt(String(row['next'])), hash: row['hash'] as Uint8Array };
  }

  add(side: Side, event: CopiedEvent): void {
    const before = this.of(side, event.streamId);
    this.cached[side].set(event.streamId, {
      count: before.count + 1,
      nextRevision: isTombstone(event) ? tombstoneRevision : event.revision + 1n,
      hash: chainedHash(before.hash, event),
    });
    if (this.cached[side].size > cachedMax) this.flush();
  }

  /** Streams of a side. */
  streams(side: Side): number {
    this.flush();
    return Number(this.db.prepare('SELECT count(*) AS n FROM digests WHERE side = ?').get(side)?.['n']);
  }

  /** Streams that differ between the two sides, at most `limit`, by name. */
  differences(limit: number): StreamDifference[] {
    this.flush();
    const rows = this.db
      .prepare(
        `SELECT stream, max(CASE side WHEN 'source' THEN count ELSE 0 END) AS source,
           max(CASE side WHEN 'target' THEN count ELSE 0 END) AS target
         FROM digests GROUP BY stream
         HAVING count(*) < 2 OR min(count) <> max(count) OR min(hash) <> max(hash)
         ORDER BY stream LIMIT ?`,
      )
      .all(limit);
    return rows.map((row) => ({
      streamId: String(row['stream']),
      sourceCount: Number(row['source']),
      targetCount: Number(row['target']),
    }));
  }

  close(): void {
    this.db.close();
  }

  private flush(): void {
    const put = this.db.prepare(
      'INSERT OR REPLACE INTO digests (side, stream, count, next, hash) VALUES (?, ?, ?, ?, ?)',
    );
    this.db.exec('BEGIN');
    for (const side of ['source', 'target'] as const) {
      for (const [stream, { count, nextRevision, hash }] of this.cached[side]) {
        put.run(side, stream, count, String(nextRevision), hash);
      }
      this.cached[side].clear();
    }
    this.db.exec('COMMIT');
  }
}
