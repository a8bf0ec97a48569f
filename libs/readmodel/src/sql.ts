/** What runs SQL: a connection of `pg`. */
export interface Sql {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** `a.b` as `"a"."b"`. Throws on anything but plain lower-case names: they come from our own code. */
export function quoted(name: string): string {
  const parts = name.split('.');
  for (const part of parts) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(part)) throw new TypeError(`not a plain SQL name: ${name}`);
  }
  return parts.map((part) => `"${part}"`).join('.');
}

/** `text` as a literal. Like the driver's `escapeLiteral`, which goes through megabytes letter by letter. */
export function literal(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
