import { createHmac } from 'node:crypto';
import { uuid5, uuidFromHash } from '@hark/kernel';

/** Namespace of the ids of apps known by their mini program. Stored for ever. */
const appNamespace = '6f0e6a3c-5f0b-5c0e-9d6e-2f1b8a7c4d10';

/** The app of a mini program, the same everywhere, whoever says that it is theirs. */
export const miniProgramAppIdOf = (wechatAppId: string): string => uuid5(appNamespace, wechatAppId);

/** The mini program's app where somebody took the first id when that needed no proof (`isUnproven`). */
export const otherMiniProgramAppIdOf = (wechatAppId: string): string => uuid5(appNamespace, `unproven:${wechatAppId}`);

/** One consent: named by the command that gives it. */
export const consentIdOf = (bindingId: string, commandId: string): string => uuid5(bindingId, commandId);

/** One endpoint per person, kind and address. */
export const endpointIdOf = (personId: string, kind: string, addressHash: string): string =>
  uuid5(personId, `${kind}:${addressHash}`);

/** The stream that counts an address's challenges. */
export const addressIdOf = (addressHash: string): string => uuidFromHash(Buffer.from(addressHash, 'hex'));

/** Names one challenge of an endpoint: the command that asked for it. */
export const challengeIdOf = (endpointId: string, commandId: string): string => uuid5(endpointId, commandId);

/** Six digits that only the holder of `secretsKey` can tell; the same for a repeat of the command. */
export function challengeCodeOf(endpointId: string, commandId: string, secretsKey: Uint8Array): string {
  const mac = createHmac('sha256', secretsKey).update(`code:${endpointId}:${commandId}`).digest();
  return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** What is stored of a code. Keyed: a million codes are tried in a second. */
export const codeHashOf = (endpointId: string, code: string, secretsKey: Uint8Array): string =>
  createHmac('sha256', secretsKey).update(`code-hash:${endpointId}:${code}`).digest('hex');
