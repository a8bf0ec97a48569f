import { createHmac, createSecretKey, KeyObject } from 'node:crypto';
import { HarkError, isUuid, uuidFromHash } from '@hark/kernel';
import { decrypt, encrypt, format, parse, Sealed } from './sealed';
import { UserKeys } from './user-keys';
import { VaultDatabase } from './vault-tables';

export type { Sealed } from './sealed';

/** The two secrets of a vault, 32 bytes each. */
export interface VaultSecrets {
  /** Wraps the persons' keys. */
  readonly vaultKey: Buffer;
  /** Makes the keyed hashes by which personal values are looked up. */
  readonly lookupKey: Buffer;
}

/**
 * Personal texts, sealed under one key per person. Erasing a person destroys the key, and with it every sealed text
 * wherever it is stored. Other processes notice an erasure within half a minute.
 */
export class Vault {
  private readonly keys: UserKeys;
  private readonly lookupKey: KeyObject;

  /** Makes its table `vault.person_keys` at first use. */
  constructor(database: VaultDatabase, { vaultKey, lookupKey }: VaultSecrets) {
    this.keys = new UserKeys(database, vaultKey);
    this.lookupKey = createSecretKey(lookupKey);
  }

  /**
   * Seals `text` for a person. `aad` names its purpose and place, e.g. `message:<id>`; `open` needs the same. Throws
   * `refused` `person.erased` for an erased person, `unavailable` when the database is away.
   */
  async seal(personId: string, text: string, aad: string): Promise<Sealed> {
    if (!isUuid(personId)) throw new TypeError('a person is named by a uuid');
    const key = await this.keys.findOrMake(personId);
    if (!key) throw new HarkError('refused', 'person.erased', 'the person has been erased');
    const { iv, data } = encrypt(key, Buffer.from(text, 'utf8'), aad);
    return format(personId, iv, data);
  }

  /** The text, or undefined when its person is erased. Throws on another `aad` and on anything tampered with. */
  async open(sealed: Sealed, aad: string): Promise<string | undefined> {
    const [text] = await this.openMany([{ sealed, aad }]);
    return text;
  }

  /**
   * The same for a field that older events hold in clear, which is answered as it is. Only for fields whose values in clear
   * are too short to have the form of a sealed text (57 characters), so that nobody can write one that is opened.
   */
  async openOrClear(text: string, aad: string): Promise<string | undefined> {
    return parse(text) === undefined ? text : this.open(text, aad);
  }

  /** Each text in the order given, undefined where the person has been erased; one query for all unknown keys. */
  async openMany(items: readonly { readonly sealed: Sealed; readonly aad: string }[]): Promise<(string | undefined)[]> {
    const parsed = items.map(({ sealed }) => parse(sealed) ?? unreadable());
    const keys = await this.keys.find(parsed.map(({ personId }) => personId));
    return parsed.map(({ personId, iv, data }, index) => {
      const key = keys.get(personId);
      if (!key) return undefined;
      try {
        return decrypt(key, iv, data, items[index]!.aad).toString('utf8');
      } catch (error) {
        return unreadable(error);
      }
    });
  }

  /** Destroys the person's key for ever. Repeating it changes nothing. */
  async erase(personId: string): Promise<void> {
    if (!isUuid(personId)) throw new TypeError('a person is named by a uuid');
    await this.keys.erase(personId);
  }

  /** A stable id for a personal value, e.g. the user's id for an openid; reveals nothing without the key. */
  lookupId(kind: string, value: string): string {
    return uuidFromHash(this.hmac(kind, value).digest());
  }

  /** The same as 64 hexadecimal digits. */
  lookupHash(kind: string, value: string): string {
    return this.hmac(kind, value).digest('hex');
  }

  private hmac(kind: string, value: string) {
    return createHmac('sha256', this.lookupKey).update(`${kind}:${value}`, 'utf8');
  }
}

function unreadable(cause?: unknown): never {
  throw new HarkError('refused', 'vault.unreadable', 'not sealed by this vault for this place', {}, { cause });
}
