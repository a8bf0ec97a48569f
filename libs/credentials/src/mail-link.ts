import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '@hark/kernel';

/** What links in mails are for. Each link does one of these and nothing else. */
export const mailLinkPurposes = ['mute', 'unbind', 'complain'] as const;
export type MailLinkPurpose = (typeof mailLinkPurposes)[number];

/** What a link in a mail allows: one act, in the name of a person, to one binding or about one push. */
export interface MailLinkRight {
  readonly purpose: MailLinkPurpose;
  readonly personId: string;
  readonly bindingId: string;
  /** The consent under which the push came. The link does nothing to a later one of the same binding. */
  readonly consentId: string;
  readonly pushId: string;
}

/** A right, and until when a mail's link gives it. */
export interface MailLink extends MailLinkRight {
  /** Unix time in milliseconds, kept to the second. From then on the link does nothing. */
  readonly expiresAtMs: number;
}

/** `forged`: not signed by us for this purpose, or altered since. `expired`: genuine, but too old. */
export type ReadMailLink =
  { readonly is: 'valid'; readonly link: MailLink } | { readonly is: 'forged' } | { readonly is: 'expired' };

// The numbers are part of every link in every mailbox: never give one to another purpose.
const purposeNumbers: Readonly<Record<MailLinkPurpose, number>> = { mute: 1, unbind: 2, complain: 3 };
/** Version 1 named no consent. It is refused, because it would work on every later consent as well. */
const version = 2;
/** Version, purpose, expiry in seconds, four ids. */
const saidBytes = 1 + 1 + 4 + 4 * 16;
/**
 * 160 of the 256 bits; RFC 2104 5 asks for at least half. The whole has 90 bytes, so its base64url has no spare bits and each
 * link only one spelling.
 */
const macBytes = 20;
const pattern = /^[\w-]{120}$/;

const macOf = (said: Uint8Array, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update('mail-link:').update(said).digest().subarray(0, macBytes);

/** The link as 120 characters that may stand in a path. The same link gives the same text. Throws on ids that are no UUIDs. */
export function signMailLink(link: MailLink, key: Uint8Array): string {
  const ids = [link.personId, link.bindingId, link.consentId, link.pushId];
  if (!ids.every(isUuid)) throw new TypeError('a mail link names persons, bindings, consents and pushes by UUID');
  const head = Buffer.alloc(6);
  head.writeUInt8(version, 0);
  head.writeUInt8(purposeNumbers[link.purpose], 1);
  head.writeUInt32BE(Math.floor(link.expiresAtMs / 1_000), 2);
  const said = Buffer.concat([head, Buffer.from(ids.join('').replaceAll('-', ''), 'hex')]);
  return Buffer.concat([said, macOf(said, key)]).toString('base64url');
}

/**
 * Reads `token` as a link for `purpose`. `keys`: the one that signs today, and those before it whose links are still to work.
 */
export function readMailLink(
  token: string,
  purpose: MailLinkPurpose,
  keys: readonly Uint8Array[],
  nowMs: number,
): ReadMailLink {
  if (!pattern.test(token)) return { is: 'forged' };
  const bytes = Buffer.from(token, 'base64url');
  const [said, mac] = [bytes.subarray(0, saidBytes), bytes.subarray(saidBytes)];
  if (!keys.some((key) => timingSafeEqual(mac, macOf(said, key)))) return { is: 'forged' };
  if (said[0] !== version || said[1] !== purposeNumbers[purpose]) return { is: 'forged' };
  const expiresAtMs = said.readUInt32BE(2) * 1_000;
  if (nowMs >= expiresAtMs) return { is: 'expired' };
  const [personId, bindingId, consentId, pushId] = [6, 22, 38, 54].map((start) => uuidAt(said, start)) as Ids;
  return { is: 'valid', link: { purpose, personId, bindingId, consentId, pushId, expiresAtMs } };
}

type Ids = [string, string, string, string];
const uuidAt = (bytes: Buffer, start: number): string =>
  bytes.toString('hex', start, start + 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** Where the gateway serves a link, below its public address. */
export const mailLinkPath = (purpose: MailLinkPurpose, token: string): string => `/mail/${purpose}/${token}`;
