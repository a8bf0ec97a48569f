import { AnyProjection } from './projection';
import { literal, quoted, Sql } from './sql';

/** What two tables with the same rows have in common. */
export interface Fingerprint {
  readonly rows: number;
  readonly hash: string;
}

/** A table of a projection, by its own name or one beside. */
export interface Fingerprinted {
  readonly name: string;
  readonly projection: AnyProjection;
}

/**
 * Of all the rows of each table, in whatever order: nothing has to be sorted. What may have been forgotten by `atMs` does not
 * count.
 */
export async function fingerprints(sql: Sql, tables: readonly Fingerprinted[], atMs: number): Promise<Fingerprint[]> {
  const found: Fingerprint[] = [];
  for (const { name, projection } of tables) {
    const { rows } = await sql.query(
      `select count(*)::int as rows,
              md5(concat_ws(':', sum(hashtextextended(t::text, 0)), sum(hashtextextended(t::text, 1)))) as hash
         from ${quoted(name)} t ${kept(projection, atMs)}`,
    );
    found.push((rows as Fingerprint[])[0]!);
  }
  return found;
}

function kept({ forgets }: AnyProjection, atMs: number): string {
  if (!forgets) return '';
  const since = literal(new Date(atMs - forgets.afterMs).toISOString());
  return `where t.${quoted(forgets.column)} is null or t.${quoted(forgets.column)} >= ${since}`;
}
