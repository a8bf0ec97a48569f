import type { RecordedEvent } from '@hark/eventstore';
import { affectedRows, foldBatch, keyText } from './fold-batch';
import { jsonText } from './json-text';
import { AnyProjection } from './projection';
import { quoted, Sql } from './sql';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
}

/** Writes one projection's batches into one table: the live one, or the one built beside it. */
export class TableWriter {
  private constructor(
    readonly projection: AnyProjection,
    /** Quoted. */
    readonly table: string,
    private readonly instants: readonly string[],
    private readonly statements: { readonly load: string; readonly upsert: string; readonly remove: string },
  ) {}

  /** Reads the table's columns. Throws when there is no such table or a key column is missing. */
  static async of(sql: Sql, projection: AnyProjection, tableName = projection.table): Promise<TableWriter> {
    const table = quoted(tableName);
    const { rows } = await sql.query(
      `select attname as name, atttypid::regtype::text as type, attgenerated <> '' as generated
         from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [table],
    );
    const columns = (rows as Column[]).filter((column) => !column.generated);
    const names = columns.map((column) => column.name);
    const missing = projection.key.filter((column) => !names.includes(column));
    if (missing.length > 0) throw new TypeError(`${tableName} lacks the key columns ${missing.join(', ')}`);
    const instants = columns.filter(({ type }) => type === 'timestamp with time zone').map(({ name }) => name);
    return new TableWriter(projection, table, instants, statementsFor(table, projection.key, names));
  }

  /** Folds the events, in the order given, onto the table; true when it wrote. Runs inside the caller's transaction. */
  async apply(sql: Sql, events: readonly RecordedEvent[]): Promise<boolean> {
    const touched = affectedRows(this.projection, events);
    if (touched.length === 0) return false;
    const keys = new Map(touched.map(({ key, keyText }) => [keyText, key]));
    const { rows } = await sql.query(this.statements.load, [jsonText([...keys.values()])]);
    const before = new Map<string, object>();
    for (const { row } of rows as { row: Record<string, unknown> }[]) {
      this.mendInstants(row);
      before.set(keyText(row, this.projection.key), row);
    }
    const { upserts, deletes } = foldBatch(this.projection, touched, before);
    if (upserts.length > 0) await sql.query(this.statements.upsert, [jsonText(upserts)]);
    if (deletes.length > 0) await sql.query(this.statements.remove, [jsonText(deletes)]);
    return upserts.length > 0 || deletes.length > 0;
  }

  // Postgres's JSON has `2026-01-05T09:00:00+00:00` where the fold wrote `2026-01-05T09:00:00.000Z`: restore that.
  private mendInstants(row: Record<string, unknown>): void {
    for (const column of this.instants) {
      const value = row[column];
      if (typeof value === 'string') row[column] = new Date(value).toISOString();
    }
  }
}

function statementsFor(table: string, key: readonly string[], columns: readonly string[]) {
  const from = `jsonb_populate_recordset(null::${table}, $1::jsonb)`;
  const all = columns.map(quoted).join(', ');
  const on = key.map((column) => `t.${quoted(column)} = k.${quoted(column)}`).join(' and ');
  const rest = columns.filter((column) => !key.includes(column)).map(quoted);
  const action = rest.length > 0 ? `update set ${rest.map((column) => `${column} = excluded.${column}`)}` : 'nothing';
  return {
    load: `select to_jsonb(t) as row from ${table} t join ${from} k on ${on}`,
    upsert:
      `insert into ${table} (${all}) select ${all} from ${from} ` +
      `on conflict (${key.map(quoted).join(', ')}) do ${action}`,
    remove: `delete from ${table} t using ${from} k where ${on}`,
  };
}
