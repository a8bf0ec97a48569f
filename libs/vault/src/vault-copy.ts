import { InstallationIdentity } from './installation-identity';
import { createVaultTables, rowsOf, VaultDatabase } from './vault-tables';

/** A person's entry in the vault: the key wrapped by the master key, or null for an erased person. */
export interface VaultEntry {
  readonly personId: string;
  /** Base64. */
  readonly wrappedKey: string | null;
}

const pageMax = 5_000;
const noId = '00000000-0000-0000-0000-000000000000';

/** Which vault it is; undefined when it has never been used. */
export async function readVaultIdentity(database: VaultDatabase): Promise<InstallationIdentity | undefined> {
  if (!(await hasTable(database, 'vault.identity'))) return undefined;
  const sql = 'select vault_id, key_check from vault.identity';
  const [row] = rowsOf<{ vault_id: string; key_check: string }>(await database.query(sql));
  return row && { vaultId: row.vault_id, keyCheck: row.key_check };
}

/** Whether it holds any entry, of a person or an erased one. */
export async function vaultHasEntries(database: VaultDatabase): Promise<boolean> {
  if (!(await hasTable(database, 'vault.person_keys'))) return false;
  return rowsOf(await database.query('select 1 from vault.person_keys limit 1')).length > 0;
}

/**
 * Every entry at one moment, ordered by person. `connection` must be one session, not a pool: it holds a transaction.
 */
export async function* readVault(connection: VaultDatabase): AsyncGenerator<VaultEntry> {
  await connection.query('begin isolation level repeatable read read only');
  try {
    for (let after = noId; ;) {
      const rows = rowsOf<{ person_id: string; wrapped_key: Buffer | null }>(
        await connection.query(
          'select person_id, wrapped_key from vault.person_keys where person_id > $1 order by person_id limit $2',
          [after, pageMax],
        ),
      );
      for (const { person_id, wrapped_key } of rows)
        yield { personId: person_id, wrappedKey: wrapped_key?.toString('base64') ?? null };
      if (rows.length < pageMax) return;
      after = rows.at(-1)!.person_id;
    }
  } finally {
    await connection.query('rollback');
  }
}

/**
 * Fills an empty vault, all or nothing. `erased` are persons known to be erased since; their keys are left out. Returns
 * how many entries it holds now. `connection` must be one session, not a pool.
 */
export async function fillVault(
  connection: VaultDatabase,
  { vaultId, keyCheck }: InstallationIdentity,
  entries: AsyncIterable<VaultEntry>,
  erased: ReadonlySet<string>,
): Promise<number> {
  await connection.query('begin');
  try {
    await connection.query(createVaultTables);
    // No `on conflict`: a vault in use must not be mixed with another.
    await connection.query('insert into vault.identity (vault_id, key_check) values ($1, $2)', [vaultId, keyCheck]);
    let page: VaultEntry[] = [];
    const known = new Set<string>();
    const write = async (): Promise<void> => {
      const ids = page.map(({ personId }) => personId);
      const keys = page.map(({ personId, wrappedKey }) =>
        wrappedKey === null || erased.has(personId) ? null : Buffer.from(wrappedKey, 'base64'),
      );
      const sql = 'insert into vault.person_keys select * from unnest($1::uuid[], $2::bytea[])';
      await connection.query(sql, [ids, keys]);
      page = [];
    };
    for await (const entry of entries) {
      known.add(entry.personId);
      if (page.push(entry) >= pageMax) await write();
    }
    page.push(...[...erased].filter((id) => !known.has(id)).map((personId) => ({ personId, wrappedKey: null })));
    await write();
    const [count] = rowsOf<{ count: string }>(
      await connection.query('select count(*) as count from vault.person_keys'),
    );
    await connection.query('commit');
    return Number(count!.count);
  } catch (error) {
    await connection.query('rollback');
    throw error;
  }
}

/** Whether a table exists. Reads the catalogue, so it creates nothing. */
export async function hasTable(database: VaultDatabase, name: string): Promise<boolean> {
  const [row] = rowsOf<{ there: boolean }>(await database.query('select to_regclass($1) is not null as there', [name]));
  return row?.there === true;
}
