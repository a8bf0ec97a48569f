import { LRUCache } from 'lru-cache';
import type { LogEvent, RecordedEvent } from '@hark/eventstore';
import { AffectedRow, affectedRows, foldBatch, isEmptying, keyText, TableChange } from './fold-batch';
import { jsonText } from './json-text';
import { AnyProjection, reads } from './projection';
import { literal, quoted, Sql } from './sql';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
}

/** What a batch does to a table. */
export interface TableWrite {
  /** To be run in one transaction; none when the rows stay as they are. */
  readonly statements: readonly string[];
  /** The rows as they are afterwards, without those that are gone. */
  readonly rows: readonly object[];
  /** Call it when they are committed: what was written need not be looked up. */
  readonly remember: () => void;
}

/** Rows that the next events are likely to touch. More would cost the garbage collector more than they spare the database. */
const rowsRememberedMax = 2_000;
const bytesRememberedMax = 8 * 1_024 * 1_024;

/**
 * Folds one projection's events onto one table: the live one, or the one built beside it. It remembers the rows it wrote
 * lately, so nobody else may write the table, or `forget` must be called.
 */
export class TableWriter {
  /** A row, or that there is none. */
  private readonly rows = new LRUCache<string, { readonly row: object | undefined; readonly bytes: number }>({
    max: rowsRememberedMax,
    maxSize: bytesRememberedMax,
    sizeCalculation: ({ bytes }) => bytes,
  });

  private constructor(
    readonly projection: AnyProjection,
    /** Quoted. */
    readonly table: string,
    private readonly instants: readonly string[],
    private readonly statements: ReturnType<typeof statementsFor>,
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

  /** Forgets what it wrote. */
  forget(): void {
    this.rows.clear();
  }

  /**
   * What the events, in the order given, make of the table; undefined when none concerns it. `sql` looks up the rows that are
   * not remembered.
   */
  async fold(sql: Sql, events: readonly LogEvent[]): Promise<TableWrite | undefined> {
    const recorded: RecordedEvent[] = [];
    for (const event of events) {
      const read = reads(this.projection, event.category, event.type) ? event.read() : undefined;
      if (read) recorded.push(read);
    }
    const touched = affectedRows(this.projection, recorded);
    if (touched.length === 0) return undefined;
    const rows = touched.filter((each): each is AffectedRow => !isEmptying(each));
    const { before, unseen } = await this.rowsBefore(sql, rows);
    return this.write(foldBatch(this.projection, touched, before, unseen));
  }

  private async rowsBefore(sql: Sql, touched: readonly AffectedRow[]) {
    const before = new Map<string, object>();
    const unseen = new Set<string>();
    const sought = new Map<string, object>();
    for (const { keyText, key, recorded } of touched) {
      if (before.has(keyText) || unseen.has(keyText) || sought.has(keyText)) continue;
      const known = this.rows.get(keyText);
      if (known?.row) before.set(keyText, known.row);
      else if (this.projection.replacing?.includes(recorded.event.type)) unseen.add(keyText);
      else if (!known) sought.set(keyText, key);
    }
    if (sought.size > 0) {
      const { rows } = await sql.query(this.statements.load, [jsonText([...sought.values()])]);
      for (const { row } of rows as { row: Record<string, unknown> }[]) {
        this.mendInstants(row);
        before.set(keyText(row, this.projection.key), row);
      }
    }
    return { before, unseen };
  }

  private write({ emptied, upserts, deletes }: TableChange): TableWrite {
    const rows = upserts.map((row) => ({ row, text: jsonText(row) }));
    const keys = deletes.map((key) => ({ key, text: jsonText(key) }));
    const statements = emptied.map(({ column, value }) => this.statements.empty(column, value));
    if (rows.length > 0) statements.push(this.statements.upsert(rows.map(({ text }) => text)));
    if (keys.length > 0) statements.push(this.statements.remove(keys.map(({ text }) => text)));
    return {
      statements,
      rows: upserts,
      remember: () => {
        // Which of the rows that are remembered went with it is not worth finding out.
        if (emptied.length > 0) this.rows.clear();
        const { key: columns } = this.projection;
        for (const { row, text } of rows) this.rows.set(keyText(row, columns), { row, bytes: text.length });
        for (const { key, text } of keys) this.rows.set(keyText(key, columns), { row: undefined, bytes: text.length });
      },
    };
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
  const from = (json: string) => `jsonb_populate_recordset(null::${table}, ${json}::jsonb)`;
  const list = (texts: readonly string[]) => from(literal(`[${texts.join(',')}]`));
  const all = columns.map(quoted).join(', ');
  const on = key.map((column) => `t.${quoted(column)} = k.${quoted(column)}`).join(' and ');
  const rest = columns.filter((column) => !key.includes(column)).map(quoted);
  const action = rest.length > 0 ? `update set ${rest.map((column) => `${column} = excluded.${column}`)}` : 'nothing';
  return {
    load: `select to_jsonb(t) as row from ${table} t join ${from('$1')} k on ${on}`,
    upsert: (rows: readonly string[]) =>
      `insert into ${table} (${all}) select ${all} from ${list(rows)} ` +
      `on conflict (${key.map(quoted).join(', ')}) do ${action}`,
    empty: (column: string, value: string) => `delete from ${table} where ${quoted(column)} = ${literal(value)}`,
    remove: (keys: readonly string[]) => `delete from ${table} t using ${list(keys)} k where ${on}`,
  };
}
