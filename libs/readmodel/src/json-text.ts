// What Postgres cannot hold in text or jsonb although JSON can: NUL and lone surrogates.
const unstorable = /\\u(0000|d[89a-f][0-9a-f]{2})/i;

/** `value` as JSON that Postgres stores; characters that it cannot hold become U+FFFD. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u') || !unstorable.test(text)) return text;
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'string' ? member.toWellFormed().replaceAll('\0', '\ufffd') : member,
  );
}
