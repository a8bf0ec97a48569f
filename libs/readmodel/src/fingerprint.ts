import { quoted, Sql } from './sql';

/** What two tables with the same rows have in common. */
export interface Fingerprint {
  readonly rows: number;
  readonly hash: string;
}

/** Of all the rows of each table, in whatever order: nothing has to be sorted. */
export async function fingerprints(sql: Sql, tables: readonly string[]): Promise<Fingerprint[]> {
  const found: Fingerprint[] = [];
  for (const table of tables) {
    const { rows } = await sql.query(
      `select count(*)::int as rows,
              md5(concat_ws(':', sum(hashtextextended(t::text, 0)), sum(hashtextextended(t::text, 1)))) as hash
         from ${quoted(table)} t`,
    );
    found.push((rows as Fingerprint[])[0]!);
  }
  return found;
}
