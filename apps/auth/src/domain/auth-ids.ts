import { createHmac } from 'node:crypto';
import { uuid5, uuidFromHash } from '@hark/kernel';

/** Namespace of the ids of apps known by their mini program. Stored for ever. */
const appNamespace = '6f0e6a3c-5f0b-5c0e-9d6e-2f1b8a7c4d10';

/** The id of a mini program's app. It does not depend on who claims the mini program. */
export const miniProgramAppIdOf = (wechatAppId: string): string => uuid5(appNamespace, wechatAppId);

/** The id of a mini program's app where the first id was taken when that needed no proof (`isUnproven`). */
export const otherMiniProgramAppIdOf = (wechatAppId: string): string => uuid5(appNamespace, `unproven:${wechatAppId}`);

/** What an owner publishes to prove that they control a domain; for anybody else it proves nothing. */
export function domainProofOf(appId: string, ownerId: string, domain: string, secretsKey: Uint8Array): string {
  const mac = createHmac('sha256', secretsKey).update(`claim:${appId}:${ownerId}:${domain}`).digest('base64url');
  return `hark-claim=${mac}`;
}

/** Names the secret that comes with a new callback address: by the command that set it. */
export const callbackSecretIdOf = (commandId: string): string => uuid5(commandId, 'callback-secret');

/** The secret that signs an app's callbacks (`whsec_…`, Standard Webhooks 1.0.0), derived from its stored name. */
export function callbackSecretOf(appId: string, callbackSecretId: string, secretsKey: Uint8Array): string {
  const mac = createHmac('sha256', secretsKey).update(`callback:${appId}:${callbackSecretId}`).digest('base64');
  return `whsec_${mac}`;
}
/** The id of a binding request. Whoever knows it may decide, so it cannot be guessed from the command. */
export const bindingRequestIdOf = (commandId: string, secretsKey: Uint8Array): string =>
  uuidFromHash(createHmac('sha256', secretsKey).update(`binding-request:${commandId}`).digest());

/** One consent: named by the command that gives it. */
export const consentIdOf = (bindingId: string, commandId: string): string => uuid5(bindingId, commandId);

/** One endpoint per person, kind and address. */
export const endpointIdOf = (personId: string, kind: string, addressHash: string): string =>
  uuid5(personId, `${kind}:${addressHash}`);

/** The stream that counts an address's challenges. */
export const addressIdOf = (addressHash: string): string => uuidFromHash(Buffer.from(addressHash, 'hex'));

/** Names one challenge of an endpoint: the command that asked for it. */
export const challengeIdOf = (endpointId: string, commandId: string): string => uuid5(endpointId, commandId);

/** Six digits, derived with `secretsKey`, so that a repeat of the command gives the same code. */
export function challengeCodeOf(endpointId: string, commandId: string, secretsKey: Uint8Array): string {
  const mac = createHmac('sha256', secretsKey).update(`code:${endpointId}:${commandId}`).digest();
  return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
}

/** The stored form of a code. A keyed hash, because all million codes could be tried in a second. */
export const codeHashOf = (endpointId: string, code: string, secretsKey: Uint8Array): string =>
  createHmac('sha256', secretsKey).update(`code-hash:${endpointId}:${code}`).digest('hex');
