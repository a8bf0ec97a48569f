import { HarkError } from '@hark/kernel';

/** Headers of which one value counts: of two, nobody could say which the client and every proxy on the way meant. */
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

/** Throws `request.invalid`, naming the header, when one that counts once was sent twice. Node joins or drops the second. */
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
