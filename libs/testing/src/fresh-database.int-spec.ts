import { Client } from 'pg';
import { freshDatabase } from './fresh-database';

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('a fresh database', () => {
  it('is empty, shared with nobody, and gone after', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    await query(one.url, 'create table only_here (id int)');
    expect(await query(other.url, `select 1 from pg_tables where tablename = 'only_here'`)).toEqual([]);
    const busy = new Client(one.url);
    busy.on('error', () => {});
    await busy.connect();
    await Promise.all([one.close(), other.close()]);
    await expect(query(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
    await busy.end().catch(() => {});
  });

  it('is not taken away from those who are saying goodbye', async () => {
    const { url, close } = await freshDatabase();
    const going = new Client(url);
    going.on('error', () => {});
    await going.connect();
    const asked = going.query('select pg_sleep(0.3)');
    // As `end` says it, but behind the query.
    (going as unknown as { readonly connection: { end(): void } }).connection.end();
    await close();
    await expect(asked).resolves.toMatchObject({ rowCount: 1 });
  });
});
