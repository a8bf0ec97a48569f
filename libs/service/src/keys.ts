import { hkdfSync } from 'node:crypto';

const keyBytes = 32;

/**
 * The keys of an installation, derived from its master key (HKDF-SHA256, RFC 5869; one stored label each): the same
 * master key gives the same keys in every process and after every restart. A leaked sub-key reveals neither the others
 * nor the master key.
 */
export class Keys {
  /** Signs session tokens. */
  readonly session: Buffer;
  /** Signs who calls, between services. */
  readonly caller: Buffer;
  /** Wraps the data keys of persons. */
  readonly vault: Buffer;
  /** Keyed hashes to look persons up by: openids, addresses. */
  readonly lookup: Buffer;
  /** Keyed hashes of app secrets and binding keys. */
  readonly secrets: Buffer;
  /** Keyed hashes of message texts. */
  readonly contentHash: Buffer;
  /** Derives the keys that sign receipts of consents. */
  readonly receipts: Buffer;
  /** Signs the links in mails that work without logging in. */
  readonly mailLinks: Buffer;
  /** Derives the key that browsers' push services know the hub by. */
  readonly webPush: Buffer;
  /** Kept in the log, the vault and backups to notice another master key. Opens nothing. */
  readonly check: Buffer;

  /** `masterKey` is 32 random bytes. */
  constructor(masterKey: Buffer) {
    if (masterKey.length !== keyBytes) throw new TypeError('the master key has 32 bytes');
    // The labels are part of everything signed, sealed and hashed: never change one.
    const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, '', `hark/${label}`, keyBytes));
    this.session = derive('session');
    this.caller = derive('caller');
    this.vault = derive('vault');
    this.lookup = derive('lookup');
    this.secrets = derive('secrets');
    this.contentHash = derive('content-hash');
    this.receipts = derive('receipts');
    this.mailLinks = derive('mail-links');
    this.webPush = derive('web-push');
    this.check = derive('check');
  }
}
