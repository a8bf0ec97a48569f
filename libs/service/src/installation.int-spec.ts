import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { EventStore, readLog } from '@hark/eventstore';
import { FixedClock } from '@hark/kernel';
import { FreshDatabase, freshDatabase, TempStore, tempStore } from '@hark/testing';
import { Vault } from '@hark/vault';
import { Installation, InstallationKey } from './installation';

const keyOf = (): InstallationKey => ({ check: randomBytes(32).toString('hex'), vaultKey: randomBytes(32) });
const clock = new FixedClock('2026-11-28T08:00:00.000Z');

describe('an installation', () => {
  const halves: Half[] = [];
  interface Half {
    readonly store: EventStore;
    readonly pool: Pool;
    close(): Promise<void>;
  }
  /** An empty log beside an empty database. */
  const half = async (): Promise<Half> => {
    const [server, database]: [TempStore, FreshDatabase] = await Promise.all([tempStore(), freshDatabase()]);
    const pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => {});
    const store = EventStore.connect(server.url);
    const made: Half = {
      store,
      pool,
      close: async () => {
        await Promise.all([store.close(), pool.end()]);
        await Promise.all([server.close(), database.close()]);
      },
    };
    halves.push(made);
    return made;
  };
  afterEach(async () => {
    await Promise.all(halves.splice(0).map((one) => one.close()));
  });

  const installation = ({ store }: Half, { pool }: Half): Installation => new Installation(store, pool, clock);
  const seal = async ({ store }: Half, { pool }: Half, { vaultKey }: InstallationKey): Promise<string> => {
    const personId = randomUUID();
    const vault = new Vault(pool, { vaultKey, lookupKey: randomBytes(32) });
    const title = await vault.seal(personId, '早上好', 'message:1');
    const commandId = randomUUID();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'anonymous' };
    await store.append('message', randomUUID(), 'no-stream', [{ type: 'message.pushed', data: { title } }], context);
    return personId;
  };
  /** Everything that stands in both: what a refused start must leave as it was. */
  const everything = async ({ store }: Half, { pool }: Half): Promise<unknown> => {
    const events = [];
    for await (const { streamId, eventId } of readLog(() => store.client)) events.push([streamId, eventId]);
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const rows = await Promise.all(
      tables.map(async ({ name }) => [name, (await pool.query(`select * from ${name} order by 1`)).rows]),
    );
    return { events, rows };
  };
  const refusedUnchanged = async (log: Half, vault: Half, key: InstallationKey, code: string): Promise<void> => {
    const before = await everything(log, vault);
    await expect(installation(log, vault).open(key)).rejects.toMatchObject({ kind: 'refused', code });
    expect(await everything(log, vault)).toEqual(before);
  };

  it('is founded once by however many start at the very first moment, and known ever after', async () => {
    const one = await half();
    const key = keyOf();
    const identities = await Promise.all(Array.from({ length: 6 }, () => installation(one, one).open(key)));
    expect(new Set(identities.map(({ vaultId }) => vaultId)).size).toBe(1);
    const before = await everything(one, one);
    expect(await installation(one, one).open(key)).toEqual(identities[0]);
    expect(await everything(one, one)).toEqual(before);
    expect(before).toMatchObject({ events: [[expect.stringMatching(/^installation-/), expect.anything()]] });
  });

  it('of two keys at the very first moment takes one, and refuses the other', async () => {
    const one = await half();
    const opened = await Promise.allSettled([keyOf(), keyOf()].map((key) => installation(one, one).open(key)));
    expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(opened.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'config.master-key-mismatch' },
    });
  });

  it('notices the wrong one of key, vault and log, writes nothing, and goes on with the right ones', async () => {
    const [one, other, empty] = await Promise.all([half(), half(), half()]);
    const key = keyOf();
    const { vaultId } = await installation(one, one).open(key);
    await installation(other, other).open(key);
    await seal(one, one, key);
    await seal(other, other, key);

    await refusedUnchanged(one, one, keyOf(), 'config.master-key-mismatch');
    await refusedUnchanged(one, empty, key, 'vault.missing');
    await refusedUnchanged(one, other, key, 'vault.mismatch');
    await refusedUnchanged(empty, one, key, 'eventstore.missing');
    await expect(installation(one, empty).assertNoKeyNeeded()).rejects.toMatchObject({
      code: 'config.master-key-missing',
    });
    await expect(installation(empty, empty).assertNoKeyNeeded()).resolves.toBeUndefined();
    expect((await installation(one, one).open(key)).vaultId).toBe(vaultId);
  });

  it('notices a vault that is older than the log', async () => {
    const one = await half();
    const key = keyOf();
    await installation(one, one).open(key);
    const personId = await seal(one, one, key);
    await one.pool.query('delete from vault.person_keys where person_id = $1', [personId]);
    await refusedUnchanged(one, one, key, 'vault.behind');
  });

  it('is founded by the next start when the first was killed half-way', async () => {
    const [one, empty] = await Promise.all([half(), half()]);
    const key = keyOf();
    // The vault's half is written first: this is what a kill between the two leaves.
    const { vaultId } = await installation(empty, one).open(key);
    const fresh = await half();
    expect((await installation(fresh, one).open(key)).vaultId).toBe(vaultId);
  });

  describe('from before it said who it is', () => {
    const old = async (): Promise<{ one: Half; key: InstallationKey; personId: string }> => {
      const one = await half();
      const key = keyOf();
      return { one, key, personId: await seal(one, one, key) };
    };

    it('is adopted by the key that opens it, and by no other', async () => {
      const { one, key } = await old();
      await refusedUnchanged(one, one, keyOf(), 'config.master-key-mismatch');
      await expect(installation(one, one).assertNoKeyNeeded()).rejects.toMatchObject({
        code: 'config.master-key-missing',
      });
      const adopted = await Promise.all([installation(one, one).open(key), installation(one, one).open(key)]);
      expect(adopted[0]).toEqual(adopted[1]);
      await refusedUnchanged(one, one, keyOf(), 'config.master-key-mismatch');
    });

    it('is not adopted without its vault, or with another', async () => {
      const [{ one, key }, other, empty] = await Promise.all([old(), old(), half()]);
      await refusedUnchanged(one, empty, key, 'vault.missing');
      await refusedUnchanged(one, other.one, key, 'vault.mismatch');
      await refusedUnchanged(empty, one, key, 'eventstore.missing');
    });

    it('is proven on somebody who has not been erased', async () => {
      const { one, key, personId } = await old();
      await new Vault(one.pool, { ...key, lookupKey: randomBytes(32) }).erase(personId);
      await seal(one, one, key);
      await refusedUnchanged(one, one, keyOf(), 'config.master-key-mismatch');
      await installation(one, one).open(key);
    });
  });
});
