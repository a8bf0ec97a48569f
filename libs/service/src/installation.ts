import { EventStore, readLog, readLogEnd } from '@hark/eventstore';
import { Clock, DomainEvent, HarkError, uuid7 } from '@hark/kernel';
import {
  assertNoKeyNeeded,
  createVaultTables,
  InstallationFound,
  InstallationIdentity,
  judgeInstallation,
  keyMismatch,
  personsSealedIn,
  readVaultIdentity,
  rowsOf,
  unwrapPersonKey,
  vaultBehind,
  VaultDatabase,
  vaultHasEntries,
  vaultMismatch,
  vaultMissing,
} from '@hark/vault';

/** What identifies a master key here. */
export interface InstallationKey {
  /** 64 hexadecimal digits, in the log and in the vault. */
  readonly check: string;
  /** Wraps the persons' keys. */
  readonly vaultKey: Buffer;
}

const category = 'installation';
/** The stream of the one event that says which installation a log belongs to. Stored: never change it. */
const streamUuid = '6f1d3c52-8a4e-5b7f-9c21-d4e80b7a6f35';
/** How many of the latest events are searched for persons without a key. */
const latestEventsMax = 200;
/** How often a start looks again because another one is founding the same installation at the same time. */
const looksMax = 5;

type Founded = DomainEvent<'installation.founded', InstallationIdentity & { at: string }>;

/**
 * The event log and the vault as two halves of one installation, which its master key opens. Checked before a start
 * writes anything; several services may start at once, and the first ones found it together.
 */
export class Installation {
  constructor(
    private readonly store: EventStore,
    private readonly vault: VaultDatabase,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes sure that log, vault and key belong together. Founds the installation where there is nothing yet, and adopts
   * an older one without an identity once the key has opened a person's key in it. Otherwise throws `refused` with
   * `config.master-key-mismatch`, `vault.missing`, `vault.mismatch`, `vault.behind` or `eventstore.missing`, and has
   * written nothing.
   */
  async open(key: InstallationKey): Promise<InstallationIdentity> {
    for (let looks = 1; ; looks += 1) {
      const found = await this.look();
      const verdict = judgeInstallation(found, key.check);
      if (verdict === 'known') {
        await this.assertLatestHaveKeys();
        return found.log.identity!;
      }
      if (verdict === 'unproven') await this.prove(key, found);
      await this.found(key, found.log.identity);
      if (looks >= looksMax) throw new HarkError('unavailable', 'vault.contended', 'the installation keeps changing');
    }
  }

  /** Throws `refused` `config.master-key-missing` unless nothing exists yet that needs a key. */
  async assertNoKeyNeeded(): Promise<void> {
    assertNoKeyNeeded(await this.look());
  }

  /**
   * Reads both halves. Founding writes the vault's half first, and no person's key before both. So read the log first,
   * and again when it had no identity: what the vault then holds without the log is no race.
   */
  private async look(): Promise<InstallationFound> {
    const before = await this.identityInLog();
    const vault = { identity: await readVaultIdentity(this.vault), hasKeys: await vaultHasEntries(this.vault) };
    const identity = before ?? (await this.identityInLog());
    const hasEvents = identity !== undefined || (await this.logHasEvents());
    // Founded between the two reads: the events are those appended since.
    const late = identity ?? (hasEvents ? await this.identityInLog() : undefined);
    return late && !before ? this.look() : { log: { identity, hasEvents }, vault };
  }

  private async identityInLog(): Promise<InstallationIdentity | undefined> {
    const [first] = await this.store.read(category, streamUuid);
    if (!first) return undefined;
    const { vaultId, keyCheck } = (first.event as Founded).data;
    return { vaultId, keyCheck };
  }

  private async logHasEvents(): Promise<boolean> {
    for await (const _ of readLog(() => this.store.client)) return true;
    return false;
  }

  /**
   * Proves the key on the first person in the log who is not erased: their key must be in this vault and open. Where
   * the log has no sealed text, on any key of the vault.
   */
  private async prove({ vaultKey }: InstallationKey, { vault }: InstallationFound): Promise<void> {
    const seen = new Set<string>();
    for await (const { event } of readLog(() => this.store.client)) {
      for (const personId of personsSealedIn(JSON.stringify(event.data))) {
        if (seen.has(personId)) continue;
        seen.add(personId);
        if (!vault.hasKeys) throw vaultMissing();
        const [row] = await this.rows<KeyRow>(`${selectKeys} where person_id = $1`, [personId]);
        if (!row) throw vaultMismatch();
        if (opens(vaultKey, row)) return;
      }
    }
    if (!vault.hasKeys) return;
    const [row] = await this.rows<KeyRow>(`${selectKeys} where wrapped_key is not null limit 1`);
    if (row) opens(vaultKey, row);
  }

  /** Writes the vault's half first. Another process may win either write; the next look shows what is there. */
  private async found({ check }: InstallationKey, inLog: InstallationIdentity | undefined): Promise<void> {
    await this.vault.query(createVaultTables);
    await this.vault.query('insert into vault.identity (vault_id, key_check) values ($1, $2) on conflict do nothing', [
      inLog?.vaultId ?? uuid7(),
      check,
    ]);
    const identity = (await readVaultIdentity(this.vault))!;
    if (identity.keyCheck !== check) throw keyMismatch();
    const founded: Founded = { type: 'installation.founded', data: { ...identity, at: this.clock.now() } };
    const commandId = identity.vaultId;
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:hub' };
    try {
      await this.store.append(category, streamUuid, 'no-stream', [founded], context);
    } catch (error) {
      const lostRace = error instanceof HarkError && error.code === 'eventstore.lost-race';
      if (!lostRace) throw error;
    }
  }

  /**
   * A person's key is made before anything is sealed with it, and its row stays for ever, so an up-to-date vault has
   * all.
   */
  private async assertLatestHaveKeys(): Promise<void> {
    const latest = await readLogEnd(this.store.client, latestEventsMax);
    const users = [...new Set(latest.flatMap(({ event }) => personsSealedIn(JSON.stringify(event.data))))];
    if (users.length === 0) return;
    const rows = await this.rows('select 1 from vault.person_keys where person_id = any($1::uuid[])', [users]);
    if (rows.length < users.length) throw vaultBehind();
  }

  private async rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]> {
    return rowsOf<Row>(await this.vault.query(sql, parameters));
  }
}

interface KeyRow {
  readonly person_id: string;
  readonly wrapped_key: Buffer | null;
}
const selectKeys = 'select person_id, wrapped_key from vault.person_keys';

/** Whether the row's key opens; false when its person has been erased. Throws when another master key wrapped it. */
function opens(vaultKey: Buffer, { person_id, wrapped_key }: KeyRow): boolean {
  if (!wrapped_key) return false;
  try {
    unwrapPersonKey(vaultKey, person_id, wrapped_key);
    return true;
  } catch {
    throw keyMismatch();
  }
}
