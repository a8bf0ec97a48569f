import { createSecretKey, KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { entriesAtMost, once } from '@hark/resilience';
import { decrypt, encrypt } from './sealed';
import { createVaultTables, rowsOf, VaultDatabase } from './vault-tables';

interface Entry {
  /** Undefined: erased. */
  readonly key: KeyObject | undefined;
  readonly untilMs: number;
}

const keyBytes = 32;
const ivBytes = 12;
const remembersMs = 30_000;
const remembersMax = 10_000;

/** Unwraps the person's key; throws when another master key wrapped it. */
export const unwrapPersonKey = (vaultKey: Buffer, personId: string, wrapped: Buffer): Buffer =>
  decrypt(vaultKey, wrapped.subarray(0, ivBytes), wrapped.subarray(ivBytes), personId);

/** The data key of each person, stored in Postgres wrapped by the vault's key and remembered here for half a minute. */
export class UserKeys {
  private readonly entries = new LRUCache<string, Entry>(entriesAtMost(remembersMax));
  private readonly ready = once(() => this.rows(createVaultTables, []));
  private reading:
    { readonly ids: Set<string>; readonly keys: Promise<ReadonlyMap<string, KeyObject | undefined>> } | undefined;

  constructor(
    private readonly database: VaultDatabase,
    private readonly vaultKey: Buffer,
  ) {
    if (vaultKey.length !== keyBytes) throw new TypeError('the vault key must have 32 bytes');
  }

  /** The keys of those who have one; erased and unknown persons are left out. */
  async find(userIds: readonly string[]): Promise<Map<string, KeyObject>> {
    const found = new Map<string, KeyObject>();
    const missing = new Set<string>();
    for (const id of userIds) {
      const entry = this.remembered(id);
      if (!entry) missing.add(id);
      else if (entry.key) found.set(id, entry.key);
    }
    if (missing.size === 0) return found;
    const read = await this.read(missing);
    for (const id of missing) {
      const key = read.get(id);
      if (key) found.set(id, key);
    }
    return found;
  }

  /** The keys of these persons from the table. Whoever asks before the query is sent shares it. */
  private read(userIds: ReadonlySet<string>): Promise<ReadonlyMap<string, KeyObject | undefined>> {
    if (!this.reading) {
      const ids = new Set<string>();
      this.reading = { ids, keys: this.send(ids) };
    }
    for (const id of userIds) this.reading.ids.add(id);
    return this.reading.keys;
  }

  private async send(userIds: ReadonlySet<string>): Promise<ReadonlyMap<string, KeyObject | undefined>> {
    try {
      await this.ready();
    } finally {
      this.reading = undefined;
    }
    const sql = 'select person_id, wrapped_key from vault.person_keys where person_id = any($1::uuid[])';
    const rows = await this.rows(sql, [[...userIds]]);
    return new Map(rows.map((row) => [row.person_id, this.remember(row)]));
  }

  /**
   * The person's key for sealing, made if there is none; undefined when the person is erased. While the database is
   * away, the last one known is used: if it was destroyed meanwhile, nobody can read what is sealed with it, as
   * intended.
   */
  async findOrMake(personId: string): Promise<KeyObject | undefined> {
    const entry = this.remembered(personId);
    if (entry) return entry.key;
    try {
      return (await this.find([personId])).get(personId) ?? (await this.make(personId));
    } catch (error) {
      const lastKnown = this.entries.get(personId)?.key;
      if (lastKnown && error instanceof HarkError && error.code === 'vault.unavailable') return lastKnown;
      throw error;
    }
  }

  private async make(personId: string): Promise<KeyObject | undefined> {
    const made = encrypt(this.vaultKey, randomBytes(keyBytes), personId);
    const wrapped = Buffer.concat([made.iv, made.data]);
    await this.rows('insert into vault.person_keys values ($1, $2) on conflict do nothing', [personId, wrapped]);
    // Another process may have been faster: the key in the table counts.
    return (await this.find([personId])).get(personId);
  }

  /** Destroys the key for ever; also for a person who has none yet. */
  async erase(personId: string): Promise<void> {
    await this.ready();
    const sql = `insert into vault.person_keys values ($1, null) on conflict (person_id) do update set wrapped_key = null`;
    await this.rows(sql, [personId]);
    this.remember({ person_id: personId, wrapped_key: null });
  }

  private remembered(personId: string): Entry | undefined {
    const entry = this.entries.get(personId);
    return entry && entry.untilMs > performance.now() ? entry : undefined;
  }

  private remember({ person_id, wrapped_key }: Row): KeyObject | undefined {
    const key = wrapped_key ? createSecretKey(unwrapPersonKey(this.vaultKey, person_id, wrapped_key)) : undefined;
    this.entries.set(person_id, { key, untilMs: performance.now() + remembersMs });
    return key;
  }

  private async rows(sql: string, parameters: unknown[]): Promise<Row[]> {
    let answer: unknown;
    try {
      // Without parameters `pg` sends the statements as one text, which PostgreSQL runs as one transaction (simple
      // query protocol).
      answer = await (parameters.length > 0 ? this.database.query(sql, parameters) : this.database.query(sql));
    } catch (error) {
      throw new HarkError('unavailable', 'vault.unavailable', 'the keys cannot be reached', {}, { cause: error });
    }
    return rowsOf(answer);
  }
}

interface Row {
  readonly person_id: string;
  readonly wrapped_key: Buffer | null;
}
