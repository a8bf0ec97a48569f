import { Client } from 'pg';
import { FreshDatabase, freshDatabase } from '@hark/testing';
import { createDataSource } from './data-source';

/** Every character that means something in an address. */
const password = 'p%,:@/?#&=+ß word';

describe('a database whose password needs encoding', () => {
  let database: FreshDatabase;
  let admin: Client;
  beforeAll(async () => {
    database = await freshDatabase();
    admin = new Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.query('drop owned by hark_encoded cascade');
    await admin.query('drop role hark_encoded');
    await admin.end();
    await database.close();
  });

  it('is reached', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await admin.query(`create role hark_encoded login password '${password}'`);
    await admin.query(`grant all on database "${name}" to hark_encoded`);
    const url = new URL(database.url);
    const address = `postgres://hark_encoded:${encodeURIComponent(password)}@${url.host}/${name}`;
    const dataSource = await createDataSource({ url: address, service: 'encoded', migrations: [] });
    expect(await dataSource.query('select current_user as me')).toEqual([{ me: 'hark_encoded' }]);
    await dataSource.destroy();
  });
});
