import { randomBytes, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { isUuid } from '@hark/kernel';
import { FreshDatabase, freshDatabase } from '@hark/testing';
import { Vault } from './vault';

const secrets = { vaultKey: randomBytes(32), lookupKey: randomBytes(32) };

describe('the vault', () => {
  let database: FreshDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url, max: 4 });
  });
  afterAll(async () => {
    await pool.end();
    await database.close();
  });
  const vaultOf = () => new Vault(pool, secrets);

  it('opens what it sealed, in any process that has the keys', async () => {
    const user = randomUUID();
    const sealed = await vaultOf().seal(user, '早上好 🙂', 'message:1');
    expect(sealed).toMatch(new RegExp(`^v1\\.${user}\\.[\\w-]{16}\\.[\\w-]+$`));
    expect(await vaultOf().open(sealed, 'message:1')).toBe('早上好 🙂');
    expect(await vaultOf().seal(user, '早上好 🙂', 'message:1')).not.toBe(sealed);
  });

  it('opens nothing for another place, another person, another vault, or when a bit has changed', async () => {
    const vault = vaultOf();
    const sealed = await vault.seal(randomUUID(), 'secret', 'a');
    await vault.seal(randomUUID(), 'other', 'a');
    const unreadable = { code: 'vault.unreadable' };
    await expect(vault.open(sealed, 'b')).rejects.toMatchObject(unreadable);
    await expect(vault.open('v2.nonsense', 'a')).rejects.toMatchObject(unreadable);
    const parts = sealed.split('.');
    const data = Buffer.from(parts[3]!, 'base64url');
    data[0]! ^= 1;
    const changed = [...parts.slice(0, 3), data.toString('base64url')].join('.');
    await expect(vault.open(changed, 'a')).rejects.toMatchObject(unreadable);
    const stranger = new Vault(pool, { ...secrets, vaultKey: randomBytes(32) });
    await expect(stranger.open(sealed, 'a')).rejects.toThrow();
  });

  it('makes one key when many make the first at once, from an empty database', async () => {
    const fresh = await freshDatabase();
    const pools = Array.from({ length: 4 }, () => new Pool({ connectionString: fresh.url, max: 2 }));
    // Dropping the database cuts connections that are still saying goodbye.
    for (const one of pools) one.on('error', () => {});
    const user = randomUUID();
    const seals = await Promise.all(
      pools.flatMap((one) => [1, 2, 3].map(() => new Vault(one, secrets).seal(user, 'x', 'a'))),
    );
    const opener = new Vault(pools[0]!, secrets);
    const texts = await opener.openMany(seals.map((sealed) => ({ sealed, aad: 'a' })));
    expect(texts).toEqual(Array(12).fill('x'));
    await Promise.all(pools.map((one) => one.end()));
    await fresh.close();
  });

  it('opens many with one query, in the order asked for, and seals for many at once with one', async () => {
    const users = [randomUUID(), randomUUID(), randomUUID()];
    const seals = await Promise.all(users.map((user, n) => vaultOf().seal(user, `text ${n}`, 'a')));
    const queries: string[] = [];
    const query = (sql: string, values?: unknown[]) => {
      queries.push(sql);
      return pool.query(sql, values);
    };
    const vault = new Vault({ query }, secrets);
    const items = [...seals, ...seals].map((sealed) => ({ sealed, aad: 'a' }));
    expect(await vault.openMany(items)).toEqual(['text 0', 'text 1', 'text 2', 'text 0', 'text 1', 'text 2']);
    const looks = () => queries.splice(0).filter((sql) => sql.startsWith('select person_id')).length;
    expect(looks()).toBe(1);
    const sealer = new Vault({ query }, secrets);
    const again = await Promise.all([...users, ...users].map((user) => sealer.seal(user, 'x', 'b')));
    expect(looks()).toBe(1);
    expect(await vault.openMany(again.map((sealed) => ({ sealed, aad: 'b' })))).toEqual(Array(6).fill('x'));
  });

  it('forgets a person for ever', async () => {
    const user = randomUUID();
    const vault = vaultOf();
    const sealed = await vault.seal(user, 'secret', 'a');
    const other = await vault.seal(randomUUID(), 'kept', 'a');
    await vault.erase(user);
    await vault.erase(user);
    for (const each of [vault, vaultOf()]) {
      expect(await each.open(sealed, 'a')).toBeUndefined();
      expect(
        await each.openMany([
          { sealed: other, aad: 'a' },
          { sealed, aad: 'a' },
        ]),
      ).toEqual(['kept', undefined]);
      await expect(each.seal(user, 'again', 'a')).rejects.toMatchObject({ kind: 'refused', code: 'person.erased' });
    }
    const { rows } = await pool.query('select wrapped_key from vault.person_keys where person_id = $1', [user]);
    expect(rows).toEqual([{ wrapped_key: null }]);
  });

  it('keeps no key in the clear', async () => {
    const user = randomUUID();
    await vaultOf().seal(user, 'x', 'a');
    const { rows } = await pool.query('select wrapped_key from vault.person_keys where person_id = $1', [user]);
    expect((rows[0] as { wrapped_key: Buffer }).wrapped_key).toHaveLength(12 + 32 + 16);
  });

  it('gives a personal value one id and one hash, by its kind and under the key', () => {
    const vault = vaultOf();
    expect(isUuid(vault.lookupId('wechat', 'o-1'))).toBe(true);
    expect(vault.lookupId('wechat', 'o-1')).toBe(vaultOf().lookupId('wechat', 'o-1'));
    expect(vault.lookupHash('wechat', 'o-1')).toMatch(/^[0-9a-f]{64}$/);
    const others = [
      vault.lookupId('email', 'o-1'),
      vault.lookupId('wechat', 'o-2'),
      new Vault(pool, { ...secrets, lookupKey: randomBytes(32) }).lookupId('wechat', 'o-1'),
    ];
    expect(new Set([vault.lookupId('wechat', 'o-1'), ...others]).size).toBe(4);
  });

  it('goes on sealing for whom it knows while the database is away, however long, and opens nothing on old knowledge', async () => {
    let away = false;
    const query = (sql: string, values?: unknown[]) =>
      away ? Promise.reject(new Error('connection refused')) : pool.query(sql, values);
    const vault = new Vault({ query }, secrets);
    const user = randomUUID();
    const sealed = await vault.seal(user, 'before', 'a');
    away = true;
    const later = performance.now() + 600_000;
    const clock = jest.spyOn(performance, 'now').mockReturnValue(later);
    try {
      const during = await vault.seal(user, 'during', 'a');
      await expect(vault.open(sealed, 'a')).rejects.toMatchObject({ code: 'vault.unavailable' });
      await expect(vault.seal(randomUUID(), 'x', 'a')).rejects.toMatchObject({ code: 'vault.unavailable' });
      away = false;
      expect(await vault.open(during, 'a')).toBe('during');
    } finally {
      clock.mockRestore();
    }
  });

  it('is unavailable while the database is away, and recovers', async () => {
    let away = true;
    const query = (sql: string, values?: unknown[]) =>
      away ? Promise.reject(new Error('connection refused')) : pool.query(sql, values);
    const vault = new Vault({ query }, secrets);
    const user = randomUUID();
    await expect(vault.seal(user, 'x', 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    away = false;
    expect(await vault.open(await vault.seal(user, 'x', 'a'), 'a')).toBe('x');
  });
});
