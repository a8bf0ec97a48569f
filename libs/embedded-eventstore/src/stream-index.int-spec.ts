import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LogEvent, NewEvent } from './event-log';
import { SqliteEventLog } from './sqlite-event-log';
import { describeEmbedded, useDir } from './store.fixture';

const newDir = useDir();
const none = new Uint8Array(0);
const event = (): NewEvent => ({ id: randomUUID(), type: 't', isJson: false, data: none, metadata: none });
const any = { is: 'any' } as const;
const streams = ['a', 'b', 'c', 'd'];
/** More than twice what is kept in memory, so that every stream lies on both sides. */
const batches = 90;
const batch = 25;
const written = batches * batch;

type Ids = ReadonlyMap<string, readonly string[]>;

async function fill(log: SqliteEventLog): Promise<Ids> {
  const ids = new Map<string, string[]>(streams.map((name) => [name, []]));
  for (let n = 0; n < batches; n += 1) {
    for (const name of streams) {
      const events = Array.from({ length: batch }, event);
      await log.append(name, any, events);
      ids.get(name)?.push(...events.map(({ id }) => id));
    }
  }
  return ids;
}

/** The stream in pages of an odd size, from one end to the other. */
function paged(log: SqliteEventLog, name: string, direction: 'up' | 'down'): LogEvent[] {
  const events: LogEvent[] = [];
  for (;;) {
    const last = events.at(-1)?.revision;
    const page =
      direction === 'up'
        ? log.readStreamForwards(name, last === undefined ? 0n : last + 1n, 97)
        : log.readStreamBackwards(name, last === undefined ? BigInt(written) : last - 1n, 97);
    events.push(...page);
    if (page.length === 0 || page.at(-1)?.revision === 0n) return events;
  }
}

function expectAll(log: SqliteEventLog, expected: Ids): void {
  for (const [name, ids] of expected) {
    expect(paged(log, name, 'up').map(({ id }) => id)).toEqual(ids);
    expect(paged(log, name, 'down').map(({ id }) => id)).toEqual(ids.toReversed());
    expect(log.state(name)).toMatchObject({ is: 'present', last: BigInt(ids.length - 1) });
  }
}

const rowsIn = (dataDir: string, table: string): number => {
  const db = new DatabaseSync(join(dataDir, 'events.db'), { readOnly: true });
  const { rows } = db.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number };
  db.close();
  return rows;
};

describeEmbedded('the index of a stream', () => {
  it('is one, in its table and in memory, also after a restart and after a kill', async () => {
    const dataDir = newDir();
    const log = new SqliteEventLog(dataDir);
    const ids = await fill(log);
    const unindexed = rowsIn(dataDir, 'events') - rowsIn(dataDir, 'stream_index');
    expect(unindexed).toBeGreaterThan(0);
    expect(unindexed).toBeLessThan(written * streams.length);
    expectAll(log, ids);
    // What a kill leaves: the files as they are now.
    const killed = newDir();
    for (const name of ['events.db', 'events.db-wal']) copyFileSync(join(dataDir, name), join(killed, name));
    await log.close();
    for (const dir of [killed, dataDir]) {
      const again = new SqliteEventLog(dir);
      expectAll(again, ids);
      expect(await again.append('a', { is: 'exact', revision: BigInt(written - 1) }, [event()])).toMatchObject({
        revision: BigInt(written),
      });
      await again.close();
    }
  });

  it('knows repeats on both sides, and tombstones', async () => {
    const log = new SqliteEventLog(newDir());
    const ids = await fill(log);
    for (const at of [0, 30, written - 1]) {
      const repeated = { ...event(), id: ids.get('b')?.[at] ?? '' };
      const answer = { is: 'appended', revision: BigInt(at) };
      expect(await log.append('b', any, [repeated])).toMatchObject(answer);
      if (at + 1 < written)
        expect(await log.append('b', { is: 'exact', revision: BigInt(at) - 1n }, [repeated])).toMatchObject(answer);
    }
    await log.tombstone('c', any);
    expect(log.state('c')).toEqual({ is: 'tombstoned' });
    await fill(log);
    expect(log.state('c')).toEqual({ is: 'tombstoned' });
    await log.close();
  });

  it('grows in memory while its table cannot be written, up to a bound, and is written later', async () => {
    const dataDir = newDir();
    const inFile = (sql: string): void => {
      const db = new DatabaseSync(join(dataDir, 'events.db'));
      db.exec(sql);
      db.close();
    };
    await new SqliteEventLog(dataDir).close();
    inFile(`CREATE TRIGGER full BEFORE INSERT ON stream_index BEGIN SELECT raise(ABORT, 'no room'); END`);
    const unexpected: unknown[] = [];
    const log = new SqliteEventLog(dataDir, { onUnexpected: (error) => unexpected.push(error) });
    const ids: string[] = [];
    let refusal: unknown;
    while (refusal === undefined && ids.length < 100_000) {
      const events = Array.from({ length: 1_000 }, event);
      await log.append('long', any, events).then(
        () => ids.push(...events.map(({ id }) => id)),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toMatchObject({ kind: 'unavailable', code: 'event-store.not-written' });
    expect(ids.length).toBeGreaterThan(65_000);
    expect(unexpected).toContainEqual(expect.objectContaining({ message: 'no room' }));
    const readTo = (from: SqliteEventLog): string[] => {
      const read: string[] = [];
      for (;;) {
        const page = from.readStreamForwards('long', BigInt(read.length), 5_000);
        if (page.length === 0) return read;
        read.push(...page.map(({ id }) => id));
      }
    };
    expect(readTo(log)).toEqual(ids);
    await log.close();
    inFile('DROP TRIGGER full');
    const again = new SqliteEventLog(dataDir);
    await again.append('long', { is: 'exact', revision: BigInt(ids.length - 1) }, [event()]);
    expect(readTo(again).slice(0, -1)).toEqual(ids);
    await again.close();
    expect(rowsIn(dataDir, 'stream_index')).toBeGreaterThan(ids.length);
  });

  it('is made of the one that files of version 1 have', async () => {
    const dataDir = newDir();
    const log = new SqliteEventLog(dataDir);
    const ids = await fill(log);
    await log.tombstone('d', any);
    await log.close();
    const db = new DatabaseSync(join(dataDir, 'events.db'));
    db.exec(`
      CREATE TABLE stream_events (
        stream INTEGER NOT NULL, key ANY NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (stream, key)) STRICT, WITHOUT ROWID;
      INSERT INTO stream_events SELECT stream, revision, position FROM events;
      INSERT INTO stream_events SELECT stream, id, min(position) FROM events GROUP BY stream, id;
      DROP TABLE stream_index; DROP TABLE index_checkpoint; PRAGMA user_version = 1;`);
    db.close();
    const again = new SqliteEventLog(dataDir);
    expectAll(again, new Map([...ids].filter(([name]) => name !== 'd')));
    expect(again.state('d')).toEqual({ is: 'tombstoned' });
    const repeated = { ...event(), id: ids.get('b')?.[0] ?? '' };
    expect(await again.append('b', any, [repeated])).toMatchObject({ revision: 0n });
    await again.close();
    expect(rowsIn(dataDir, 'stream_index')).toBe(rowsIn(dataDir, 'events'));
  });
});
