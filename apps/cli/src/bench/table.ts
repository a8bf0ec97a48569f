/** Columns as wide as their widest cell, the first aligned left and the others right. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
          .join('  ')
          .trimEnd(),
    )
    .join('\n');
}

/** A figure with as many digits as mean something: three. `–` for none. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value >= 100) return String(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** Bytes as MiB. */
export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
