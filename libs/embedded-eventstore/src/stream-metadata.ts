import { textOf } from './codec';
import { MAX64 } from './event-log';

/** What of a stream's metadata changes how it is read. */
export interface StreamMetadata {
  readonly maxCount?: bigint;
  readonly maxAgeMs?: number;
  readonly truncateBefore?: bigint;
}

/** The metadata of a stream that has none, or none that can be understood. */
export const noMetadata: StreamMetadata = {};

/** What a soft delete writes. The number does not survive `JSON.parse`: it is text here and stays text. */
export const softDeleteMetadata: Uint8Array = Buffer.from(`{"$tb":${MAX64}}`, 'utf8');

/** A number of a JSON text that kept its spelling (`JSON.rawJSON`), because `$tb` is larger than a double can hold. */
interface RawNumber {
  readonly rawJSON: string;
}

const exactJson = JSON as typeof JSON & {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};
const wholeNumber = /^-?\d+$/;
/** What a .NET time span holds, which EventStoreDB 24.10 reads a duration into. */
const durationSecondsMax = 922_337_203_685n;
const rights: ReadonlySet<string> = new Set(['$r', '$w', '$d', '$mr', '$mw']);

/**
 * Reads the data of a metastream's last event. One member of a wrong type, a fraction, a number beyond 64 bits or an
 * unknown right in the ACL makes the whole metadata count as empty; a value that is not positive is ignored (`$tb` may
 * be 0).
 */
export function parseStreamMetadata(data: Uint8Array): StreamMetadata {
  const members = parseObject(data);
  if (members === undefined || !isWellTyped(members)) return noMetadata;
  const maxCount = wholeOf(members['$maxCount']);
  const maxAge = wholeOf(members['$maxAge']);
  const truncateBefore = wholeOf(members['$tb']);
  return {
    ...(maxCount !== undefined && maxCount > 0n && { maxCount }),
    ...(maxAge !== undefined && maxAge > 0n && { maxAgeMs: Number(maxAge) * 1_000 }),
    ...(truncateBefore !== undefined && truncateBefore >= 0n && { truncateBefore }),
  };
}

/** The lowest revision that metadata leaves visible of a stream whose last one is `last`; beyond it when none is. */
export function firstVisible(last: bigint, { maxCount, truncateBefore = 0n }: StreamMetadata): bigint {
  const byCount = maxCount === undefined || maxCount > last ? 0n : last - maxCount + 1n;
  return byCount > truncateBefore ? byCount : truncateBefore;
}

/** The roles that its `$acl` names for each right; empty where the metadata is. A right without roles is nobody's. */
export function parseStreamAcl(data: Uint8Array): Readonly<Record<string, readonly string[]>> {
  const members = parseObject(data);
  const acl = members !== undefined && isWellTyped(members) ? members['$acl'] : undefined;
  if (!isObject(acl)) return {};
  return Object.fromEntries(Object.entries(acl).map(([right, roles]) => [right, [roles].flat() as string[]]));
}

/** The same metadata with `$tb` moved to `truncateBefore`, or `undefined` when the data is no JSON object. */
export function withTruncateBefore(data: Uint8Array, truncateBefore: bigint): Uint8Array | undefined {
  const members = parseObject(data);
  if (members === undefined) return undefined;
  return Buffer.from(JSON.stringify({ ...members, $tb: exactJson.rawJSON(String(truncateBefore)) }), 'utf8');
}

function parseObject(data: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(data), keepNumbersExact);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !exactJson.isRawJSON(value);

const keepNumbersExact = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined ? exactJson.rawJSON(context.source) : value;

function isWellTyped(members: Record<string, unknown>): boolean {
  const fits = (key: string, isRight: (value: unknown) => boolean): boolean =>
    !(key in members) || isRight(members[key]);
  return (
    ['$maxCount', '$tb'].every((key) => fits(key, (value) => wholeOf(value) !== undefined)) &&
    ['$maxAge', '$cacheControl'].every((key) => fits(key, isDuration)) &&
    fits('$acl', isAcl) &&
    fits('$tmp', (value) => typeof value === 'boolean')
  );
}

function isDuration(value: unknown): boolean {
  const seconds = wholeOf(value);
  return seconds !== undefined && seconds <= durationSecondsMax && seconds >= -durationSecondsMax;
}

const isAcl = (value: unknown): boolean =>
  isObject(value) && Object.entries(value).every(([right, roles]) => rights.has(right) && isRoles(roles));

const isRoles = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((role) => typeof role === 'string'));

/** A signed 64-bit integer written without fraction or exponent. */
function wholeOf(value: unknown): bigint | undefined {
  if (!exactJson.isRawJSON(value) || !wholeNumber.test(value.rawJSON)) return undefined;
  const whole = BigInt(value.rawJSON);
  return whole <= MAX64 && whole >= -MAX64 - 1n ? whole : undefined;
}
