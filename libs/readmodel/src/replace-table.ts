import { quoted, Sql } from './sql';

interface Index {
  readonly name: string;
  readonly definition: string;
}

/** Puts `next` in the place of `table`, with the names of its indexes, and drops the old one. Inside a transaction. */
export async function replaceTable(sql: Sql, table: string, next: string): Promise<void> {
  const [schema, bare] = table.split('.') as [string, string];
  const named = await indexes(sql, table);
  const unnamed = await indexes(sql, next);
  await sql.query(`drop table ${quoted(table)}`);
  await sql.query(`alter table ${quoted(next)} rename to ${quoted(bare)}`);
  // Migrations name the indexes; those of a copied table have other names.
  for (const { name, definition } of named) {
    const at = unnamed.findIndex((index) => index.definition === definition);
    const [twin] = at < 0 ? [] : unnamed.splice(at, 1);
    if (twin) await sql.query(`alter index "${schema}"."${twin.name}" rename to "${name}"`);
  }
}

async function indexes(sql: Sql, table: string): Promise<Index[]> {
  // An index is recognised by its definition, without its own and the table's name.
  const { rows } = await sql.query(
    `select c.relname as name,
            i.indisprimary || ' ' || i.indisunique || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '') as definition
       from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = $1::regclass order by c.relname`,
    [quoted(table)],
  );
  return rows as Index[];
}
