import { AnyProjection } from './projection';
import { quoted, Sql } from './sql';
import { TableWriter } from './table-writer';

/** A projection's table that is built anew beside the live one. */
export class BesideTable {
  private constructor(
    readonly projection: AnyProjection,
    /** `<schema>.<table>` of the new one. */
    readonly name: string,
    readonly writer: TableWriter,
  ) {}

  /** Makes it, empty, with the constraints of the live one and without its other indexes: rows come in faster without. */
  static async create(sql: Sql, projection: AnyProjection): Promise<BesideTable> {
    const name = nameBeside(projection);
    const beside = quoted(name);
    await this.drop(sql, projection);
    await sql.query(`create table ${beside} (like ${quoted(projection.table)} including all excluding indexes)`);
    const { rows } = await sql.query(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype in ('p', 'u')`,
      [quoted(projection.table)],
    );
    for (const { text } of rows as { text: string }[]) await sql.query(`alter table ${beside} add ${text}`);
    return new BesideTable(projection, name, await TableWriter.of(sql, projection, name));
  }

  /** Drops what a rebuild left behind. */
  static async drop(sql: Sql, projection: AnyProjection): Promise<void> {
    await sql.query(`drop table if exists ${quoted(nameBeside(projection))}`);
  }

  /** Makes the indexes that the live table has besides. */
  async addIndexes(sql: Sql): Promise<void> {
    const { rows } = await sql.query(
      `select indisunique as unique, regexp_replace(pg_get_indexdef(indexrelid), '^.*? USING ', '') as text
         from pg_index where indrelid = $1::regclass
          and not exists (select from pg_constraint where conindid = indexrelid and conrelid = indrelid)`,
      [quoted(this.projection.table)],
    );
    for (const { unique, text } of rows as { unique: boolean; text: string }[]) {
      await sql.query(`create ${unique ? 'unique ' : ''}index on ${quoted(this.name)} using ${text}`);
    }
    await sql.query(`analyze ${quoted(this.name)}`);
  }
}

const nameBeside = ({ table }: AnyProjection): string => `${table}__rebuild`;
