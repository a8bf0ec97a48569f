/** What the vault needs of the database: TypeORM's `DataSource`, or a client or pool of `pg`. */
export interface VaultDatabase {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

const lockOfCreation = 4_817_205_331;

/**
 * Makes the schema `vault` with its two tables where they are missing. One text, so PostgreSQL runs it as one
 * transaction.
 */
export const createVaultTables = `
  select pg_advisory_xact_lock(${lockOfCreation});
  create schema if not exists vault;
  create table if not exists vault.person_keys (person_id uuid primary key, wrapped_key bytea);
  comment on column vault.person_keys.wrapped_key is 'null: the person has been erased';
  create table if not exists vault.identity (
    only_row boolean primary key default true check (only_row), vault_id uuid not null, key_check text not null);
  comment on table vault.identity is 'which vault this is; the event log names it too';`;

/** The rows of an answer. TypeORM returns them (nothing for several statements), `pg` an object that has them. */
export function rowsOf<Row>(answer: unknown): Row[] {
  if (Array.isArray(answer)) return answer as Row[];
  return (answer as { rows?: Row[] } | undefined)?.rows ?? [];
}
