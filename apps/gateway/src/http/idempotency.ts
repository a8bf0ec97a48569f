import { createHash } from 'node:crypto';
import { HarkError, uuid5, uuid7 } from '@hark/kernel';

/** Namespace of command ids that derive from a client's Idempotency-Key. Stored in event ids: never change it. */
const commandNamespace = '6f0c1d8a-52f1-5b0e-9a55-0a6c1b7f3f51';
const keyPattern = /^[\x20-\x7e]{1,255}$/;

/** What makes a repeat harmless: the same id for the same caller, call and key, and a hash of what was asked. */
export interface CommandIdentity {
  readonly commandId: string;
  readonly requestHash?: string;
}

/**
 * `asked` is everything that must be equal in a repeat; `caller` keeps two callers' equal keys apart. Callers without a name
 * cannot be told apart but by what they ask, so there another body is another command, and no stranger's key is in the way.
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

/** JSON with sorted names, so that two spellings of one body are one body. Depth is bounded where bodies are read. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
