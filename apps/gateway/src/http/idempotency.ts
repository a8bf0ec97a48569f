import { createHash } from 'node:crypto';
import { HarkError, uuid5, uuid7 } from '@hark/kernel';

/** The namespace of command ids derived from a client's Idempotency-Key. Stored in event ids: never change it. */
const commandNamespace = '6f0c1d8a-52f1-5b0e-9a55-0a6c1b7f3f51';
const keyPattern = /^[\x20-\x7e]{1,255}$/;

/**
 * What makes a repeat harmless: an id that is the same for the same caller, call and key, and a hash of what was asked.
 */
export interface CommandIdentity {
  readonly commandId: string;
  readonly requestHash?: string;
}

/**
 * `asked` is everything that must be equal in a repeat; `caller` keeps the equal keys of two callers apart. Callers
 * without a name differ only by what they ask: with another body it is another command, so a stranger's equal key does
 * no harm.
 */
export function commandIdentity(
  key: string | undefined,
  caller: string | undefined,
  call: string,
  asked: unknown,
): CommandIdentity {
  if (key === undefined) return { commandId: uuid7() };
  if (!keyPattern.test(key))
    throw new HarkError('invalid', 'idempotency.key-invalid', 'the Idempotency-Key is malformed');
  const requestHash = createHash('sha256').update(canonical(asked)).digest('hex');
  return { commandId: uuid5(commandNamespace, JSON.stringify([caller ?? { requestHash }, call, key])), requestHash };
}

/**
 * JSON with sorted names, so that two spellings of one body are equal. The depth was bounded when the body was read.
 */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
