import { HarkError } from './hark-error';

/** The position of a write in the log: the value of the `Hark-Position` header, e.g. `8123-binding`. */
export const positionToken = (position: bigint, category: string): string => `${position}-${category}`;

// A 64-bit position has at most 19 digits; the category is one of ours.
const tokenPattern = /^(\d{1,19})-([a-z_]{1,40})$/;

/** Reads a token back. Throws `invalid` `position.invalid` for a token that no write can have returned. */
export function parsePosition(token: string): { position: bigint; category: string } {
  const match = tokenPattern.exec(token);
  const position = match ? BigInt(match[1]!) : undefined;
  if (position === undefined || position > 0x7fff_ffff_ffff_ffffn) {
    throw new HarkError('invalid', 'position.invalid', 'the position token is not one of ours');
  }
  return { position, category: match![2]! };
}

/** The token of the latest write among several; undefined when nothing was written. */
export function latestPosition(tokens: readonly (string | undefined)[]): string | undefined {
  const written = tokens.filter((token) => token !== undefined);
  return written.reduce<string | undefined>(
    (latest, token) =>
      latest === undefined || parsePosition(token).position > parsePosition(latest).position ? token : latest,
    undefined,
  );
}
