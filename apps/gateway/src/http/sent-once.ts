import { HarkError } from '@hark/kernel';

/** Headers that may be sent only once: of two values, nobody could say which one the client and each proxy meant. */
const singular: ReadonlyMap<string, string> = new Map(
  [
    'Authorization',
    'Content-Length',
    'Content-Type',
    'Hark-Position',
    'Host',
    'Idempotency-Key',
    'X-Gotify-Key',
    'X-HTTP-Method-Override',
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * Throws `request.invalid`, naming the header, when one of these was sent twice. Node itself would join or drop the
 * second.
 */
export function checkSentOnce(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = singular.get(rawHeaders[at]!.toLowerCase());
    if (name === undefined) continue;
    if (seen.has(name)) {
      throw new HarkError('invalid', 'request.invalid', 'a header was sent twice', {
        errors: [{ path: name, message: 'was sent twice' }],
      });
    }
    seen.add(name);
  }
}
