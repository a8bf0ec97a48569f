import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { EventStore } from '@hark/eventstore';
import { FreshDatabase, freshDatabase, TempStore, tempStore, until } from '@hark/testing';
import { createDataSource } from './data-source';
import { amended, append, at, context, CreateNotes, NoteRow, notesProjection, torn, written } from './notes.fixture';
import { AnyProjection } from './projection';
import { ReadModel } from './read-model';

describe('a read model', () => {
  let server: TempStore;
  let store: EventStore;
  let database: FreshDatabase;
  let dataSource: DataSource;
  let models: ReadModel[];
  beforeEach(async () => {
    [server, database] = await Promise.all([tempStore(), freshDatabase()]);
    store = EventStore.connect(server.url);
    dataSource = await createDataSource({ url: database.url, service: 'notes', migrations: [CreateNotes] });
    models = [];
  });
  afterEach(async () => {
    await Promise.all(models.map((model) => model.stop()));
    await dataSource.destroy();
    await store.close();
    await Promise.all([database.close(), server.close()]);
  });

  async function start(projections: AnyProjection[] = [notesProjection], on = dataSource, schemas = store) {
    const model = new ReadModel({ store: schemas, dataSource: on, service: 'notes', projections, deadlineMs: 30_000 });
    models.push(model);
    await model.start();
    return model;
  }
  const rows = (table = 'notes.notes') => dataSource.query<NoteRow[]>(`select * from ${table} order by text`);
  const texts = async () => (await rows()).map(({ text, changes }) => [text, changes]);

  it('shows what the events say: rows come, change and go', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    await append(store, a, 'no-stream', written('a'), amended('aa'));
    await append(store, b, 'no-stream', written('b'));
    const model = await start();
    await append(store, c, 'no-stream', written('c'));
    const token = await append(store, b, 0, torn);
    await model.waitForPosition(token);
    expect(await texts()).toEqual([
      ['aa', 1],
      ['c', 0],
    ]);
    expect((await rows())[0]).toMatchObject({ note_id: a, at: new Date(at), extra: { length: 2 } });
    await model.waitForPosition(await append(store, a, 1, amended('a3')));
    expect(await texts()).toEqual([
      ['a3', 2],
      ['c', 0],
    ]);
  });

  it('survives text that the database cannot hold', async () => {
    const model = await start();
    await model.waitForPosition(await append(store, randomUUID(), 'no-stream', written('a\0b\ud800')));
    expect(await texts()).toEqual([['a\ufffdb\ufffd', 0]]);
  });

  it('goes on where it stopped', async () => {
    const id = randomUUID();
    const first = await start();
    await first.waitForPosition(await append(store, id, 'no-stream', written('a')));
    await first.stop();
    const token = await append(store, id, 0, amended('b'), amended('c'));
    const seen: number[] = [];
    const watching: AnyProjection = {
      ...notesProjection,
      evolve: (row, recorded) => (
        seen.push(recorded.revision),
        notesProjection.evolve(row as NoteRow, recorded as never)
      ),
    };
    await (await start([watching])).waitForPosition(token);
    expect(seen).toEqual([1, 2]);
    expect(await texts()).toEqual([['c', 2]]);
  });

  it('counts every event once when it fails between the rows and the checkpoint', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const id of ids) await append(store, id, 'no-stream', written('x'), amended('y'));
    let failures = 3;
    // The second table's fold throws after the first table's rows have been written in the same transaction.
    const failing: AnyProjection = {
      name: 'notes.late.v1',
      table: 'notes.late',
      key: ['note_id'],
      categories: ['note'],
      keyOf: ({ id }) => ({ note_id: id }),
      evolve(row, { id }) {
        if (failures-- > 0) throw new Error('crash');
        return row ?? { note_id: id };
      },
    };
    await dataSource.query('create table notes.late (note_id uuid primary key)');
    const model = await start([notesProjection, failing]);
    await model.waitForPosition(await append(store, ids[0]!, 1, amended('z')));
    expect(model.counts.failures).toBe(3);
    const all = await rows();
    expect(all).toHaveLength(20);
    expect(all.map(({ changes }) => changes).sort()).toEqual([...Array<number>(19).fill(1), 2]);
    expect(await rows('(select note_id::text as text from notes.late) l')).toHaveLength(20);
  });

  it('writes through when its connection is cut, and no batch counts twice', async () => {
    const model = await start();
    const id = randomUUID();
    let token = await append(store, id, 'no-stream', written('0'));
    await model.waitForPosition(token);
    for (let n = 1; n <= 5; n += 1) {
      token = await append(store, id, n - 1, amended(`${n}`));
      await dataSource.query(
        `select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.pid <> pg_backend_pid()
            and l.database = (select oid from pg_database where datname = current_database())`,
      );
    }
    await model.waitForPosition(token);
    expect(await texts()).toEqual([['5', 5]]);
    expect(model.counts.failures + model.counts.elections).toBeGreaterThan(1);
  });

  it('has one writer, and another takes over when that one stops', async () => {
    const other = await createDataSource({ url: database.url, service: 'notes', migrations: [CreateNotes] });
    const first = await start();
    await until(() => first.counts.leader, { what: 'the first leads' });
    const second = await start([notesProjection], other);
    const id = randomUUID();
    const token = await append(store, id, 'no-stream', written('a'));
    // The one that does not write knows too, from the table.
    await Promise.all([first.waitForPosition(token), second.waitForPosition(token)]);
    expect(second.counts).toMatchObject({ leader: false, events: 0 });
    await first.stop();
    await second.waitForPosition(await append(store, id, 0, amended('b')));
    expect(second.counts).toMatchObject({ leader: true, events: 1 });
    expect(await texts()).toEqual([['b', 1]]);
    await second.stop();
    await other.destroy();
  });

  it('tells of events that change no row, here at once and soon elsewhere', async () => {
    const ids = [randomUUID(), randomUUID()] as const;
    const other = await createDataSource({ url: database.url, service: 'notes', migrations: [CreateNotes] });
    const picky: AnyProjection = { ...(notesProjection as AnyProjection), types: ['note.written'] };
    const first = await start([picky]);
    await until(() => first.counts.leader, { what: 'the first leads' });
    const second = await start([picky], other);
    await append(store, ids[0], 'no-stream', written('a'));
    const token = await append(store, ids[0], 0, amended('b'));
    await Promise.all([first.waitForPosition(token), second.waitForPosition(token)]);
    await first.waitForPosition(await append(store, ids[1], 'no-stream', written('c')));
    expect(await texts()).toEqual([
      ['a', 0],
      ['c', 0],
    ]);
    await second.stop();
    await other.destroy();
  });

  it('goes on after the event store restarts on the same port', async () => {
    const model = await start();
    const id = randomUUID();
    await model.waitForPosition(await append(store, id, 'no-stream', written('a')));
    await server.stop();
    await until(() => model.counts.failures > 0, { what: 'the loss noticed' });
    await server.restart();
    await model.waitForPosition(await append(store, id, 0, amended('b')));
    expect(await texts()).toEqual([['b', 1]]);
  });

  it('says that it is behind instead of letting somebody read the past', async () => {
    const model = new ReadModel({
      store,
      dataSource,
      service: 'notes',
      projections: [notesProjection],
      deadlineMs: 50,
    });
    const token = await append(store, randomUUID(), 'no-stream', written('a'));
    await expect(model.waitForPosition(token)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'readmodel.behind',
      detail: { extra: { retryAfter: 1 } },
    });
    await model.waitForPosition(undefined);
    await model.waitForPosition(`${token.split('-')[0]!}-elsewhere`);
    await expect(model.waitForPosition('999999; drop')).rejects.toMatchObject({
      kind: 'invalid',
      code: 'position.invalid',
    });
  });

  it('refuses at once a position that no write can have returned, and waits for none of them', async () => {
    const model = new ReadModel({
      store,
      dataSource,
      service: 'notes',
      projections: [notesProjection],
      deadlineMs: 60_000,
    });
    const token = await append(store, randomUUID(), 'no-stream', written('a'));
    const [position, category] = token.split('-') as [string, string];
    // Nothing follows the log here: whoever waited would wait for a minute.
    for (const beyond of ['9223372036854775807', String(BigInt(position) + 1_000_000n)]) {
      for (const named of [category, 'elsewhere']) {
        const made = Array.from({ length: 50 }, () => model.waitForPosition(`${beyond}-${named}`));
        for (const outcome of await Promise.allSettled(made)) {
          expect(outcome).toMatchObject({ reason: { kind: 'invalid', code: 'position.invalid' } });
        }
      }
    }
  });

  it('passes over types that this build does not know, and counts them', async () => {
    const known = { safeParse: () => ({ success: true as const }) };
    const strict = EventStore.connect(server.url, { schemas: { 'note.written': known } });
    const model = await start([notesProjection], dataSource, strict);
    const id = randomUUID();
    await model.waitForPosition(await append(store, id, 'no-stream', written('a'), amended('b')));
    expect(await texts()).toEqual([['a', 0]]);
    expect(model.counts.unknown).toBe(1);
    await strict.close();
  });

  it('starts a new projection from the beginning without holding up the others', async () => {
    const id = randomUUID();
    const first = await start();
    await first.waitForPosition(await append(store, id, 'no-stream', written('a')));
    await first.stop();
    await dataSource.query('create table notes.counts (category text primary key, events int not null)');
    interface CountRow {
      category: string;
      events: number;
    }
    const counting: AnyProjection = {
      name: 'notes.counts.v1',
      table: 'notes.counts',
      key: ['category'],
      categories: ['note', 'letter'],
      keyOf: ({ category }) => ({ category }),
      evolve: (row, { category }) => ({ category, events: ((row as CountRow | undefined)?.events ?? 0) + 1 }),
    };
    const second = await start([notesProjection, counting]);
    const token = await append(store, id, 0, amended('b'));
    await second.waitForPosition(token);
    await store.append('letter', randomUUID(), 'no-stream', [{ type: 'letter.sent', data: {} }], context());
    await until(async () => (await rows('(select events::text as text from notes.counts) c')).length === 2, {
      what: 'both',
    });
    expect(await dataSource.query('select * from notes.counts order by category')).toEqual([
      { category: 'letter', events: 1 },
      { category: 'note', events: 2 },
    ]);
    await second.stop();
    const third = await start([notesProjection, counting]);
    await third.waitForPosition(await append(store, id, 1, amended('c')));
    expect(await texts()).toEqual([['c', 2]]);
    expect(await dataSource.query(`select events from notes.counts where category = 'note'`)).toEqual([{ events: 3 }]);
  });

  it('does not start without its table', async () => {
    await expect(start([{ ...notesProjection, table: 'notes.missing' }])).rejects.toThrow('missing');
  });
});

describe('rebuilding', () => {
  let server: TempStore;
  let store: EventStore;
  let database: FreshDatabase;
  let dataSource: DataSource;
  let model: ReadModel;
  beforeEach(async () => {
    [server, database] = await Promise.all([tempStore(), freshDatabase()]);
    store = EventStore.connect(server.url);
    dataSource = await createDataSource({ url: database.url, service: 'notes', migrations: [CreateNotes] });
    model = new ReadModel({ store, dataSource, service: 'notes', projections: [notesProjection], deadlineMs: 30_000 });
    await model.start();
  });
  afterEach(async () => {
    await model.stop();
    await dataSource.destroy();
    await store.close();
    await Promise.all([database.close(), server.close()]);
  });
  const indexes = () =>
    dataSource.query(
      `select indexname, indexdef from pg_indexes where schemaname = 'notes' and tablename = 'notes' order by 1`,
    );

  it('gives the same tables, under the same names, while events go on coming', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    for (const id of ids) await append(store, id, 'no-stream', written('a'), amended('b'));
    await model.waitForPosition(await append(store, ids[0]!, 1, torn));
    const before = await indexes();
    let busy = true;
    const writing = (async () => {
      for (let n = 0; busy && n < 500; n += 1) await append(store, randomUUID(), 'no-stream', written(`busy ${n}`));
    })();
    const { tables } = await model.rebuild();
    busy = false;
    await writing;
    expect(tables).toEqual([
      {
        projection: 'notes.notes.v1',
        table: 'notes.notes',
        rows: expect.any(Number),
        equal: true,
        liveHash: expect.stringMatching(/^[0-9a-f]{32}$/),
        rebuiltHash: tables[0]!.liveHash,
      },
    ]);
    expect(tables[0]!.rows).toBeGreaterThanOrEqual(29);
    expect(await indexes()).toEqual(before);
    await model.waitForPosition(await append(store, ids[1]!, 1, amended('after')));
    const again = await model.rebuild();
    expect(again.tables[0]).toMatchObject({ equal: true });
    expect(await dataSource.query(`select changes from notes.notes where text = 'after'`)).toEqual([{ changes: 2 }]);
  });

  it('notices that a table was wrong, and mends it', async () => {
    const id = randomUUID();
    await model.waitForPosition(await append(store, id, 'no-stream', written('right')));
    await dataSource.query(`update notes.notes set text = 'wrong'`);
    const { tables } = await model.rebuild();
    expect(tables[0]).toMatchObject({ equal: false, rows: 1 });
    expect(await dataSource.query('select text from notes.notes')).toEqual([{ text: 'right' }]);
    expect((await model.rebuild()).tables[0]).toMatchObject({ equal: true });
  });

  it('makes the writer forget what it remembered of a wrong row', async () => {
    const id = randomUUID();
    await model.waitForPosition(await append(store, id, 'no-stream', written('a')));
    await model.stop();
    await dataSource.query('update notes.notes set changes = 50');
    model = new ReadModel({ store, dataSource, service: 'notes', projections: [notesProjection], deadlineMs: 30_000 });
    await model.start();
    const changes = async () => (await dataSource.query<NoteRow[]>('select changes from notes.notes'))[0]!.changes;
    await model.waitForPosition(await append(store, id, 0, amended('b')));
    expect(await changes()).toBe(51);
    const { tables, events } = await model.rebuild();
    expect(tables[0]).toMatchObject({ equal: false });
    expect(events).toBe(2);
    await model.waitForPosition(await append(store, id, 1, amended('c')));
    expect(await changes()).toBe(2);
    expect(model.counts.failures).toBe(0);
  });

  it('leaves everything as it was when it fails, and lets only one run at a time', async () => {
    const id = randomUUID();
    await model.waitForPosition(await append(store, id, 'no-stream', written('right')));
    const other = dataSource.createQueryRunner();
    await other.query(`select pg_advisory_lock(hashtextextended('rebuild:notes', 0))`);
    await expect(model.rebuild()).rejects.toMatchObject({ kind: 'conflict', code: 'readmodel.rebuilding' });
    await other.query(`select pg_advisory_unlock(hashtextextended('rebuild:notes', 0))`);
    await other.release();
    const throwing: AnyProjection = {
      ...(notesProjection as AnyProjection),
      evolve: () => {
        throw new Error('bug');
      },
    };
    const broken = new ReadModel({ store, dataSource, service: 'notes', projections: [throwing] });
    await expect(broken.rebuild()).rejects.toThrow('bug');
    const left = await dataSource.query(`select tablename from pg_tables where schemaname = 'notes' order by 1`);
    expect(left).toEqual([{ tablename: 'migrations' }, { tablename: 'notes' }, { tablename: 'readmodel_checkpoints' }]);
    await model.waitForPosition(await append(store, id, 0, amended('still')));
    expect(await dataSource.query('select text from notes.notes')).toEqual([{ text: 'still' }]);
  });
});

describe('a data source', () => {
  it('migrates once however many processes start, and refuses to look for nothing', async () => {
    const database = await freshDatabase();
    const parts = { url: database.url, service: 'notes', migrations: [CreateNotes] };
    const sources = await Promise.all([1, 2, 3, 4].map(() => createDataSource(parts)));
    expect(await sources[0]!.query('select name from notes.migrations')).toEqual([
      { name: 'CreateNotes1700000000000' },
    ]);
    expect(await sources[0]!.query('show statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
    expect(await sources[0]!.query('select count(*)::int as n from notes')).toEqual([{ n: 0 }]);
    await Promise.all(sources.map((source) => source.destroy()));
    await database.close();
  });
});
