import { HarkError } from '@hark/kernel';

/** Ties a log, a vault and a master key together: the same identity is in the log and in the vault. */
export interface InstallationIdentity {
  /** The vault's own id, made once. */
  readonly vaultId: string;
  /** 64 hexadecimal digits derived from the master key; the key cannot be computed from them. */
  readonly keyCheck: string;
}

/** What a start finds, before it writes anything. */
export interface InstallationFound {
  readonly log: {
    readonly identity: InstallationIdentity | undefined;
    /** Whether the log holds any event of ours. */
    readonly hasEvents: boolean;
  };
  readonly vault: {
    readonly identity: InstallationIdentity | undefined;
    readonly hasKeys: boolean;
  };
}

/**
 * Whether the log, the vault and the key belong together. `known`: log and vault have the same identity. `new`: nothing
 * exists yet. `unproven`: older than the identity, so the key must prove itself on the stored data. Everything else
 * throws `refused` with what to do: with one of the three wrong, a start would make new keys for texts that need the
 * old ones.
 */
export function judgeInstallation({ log, vault }: InstallationFound, keyCheck: string): 'known' | 'new' | 'unproven' {
  if (log.identity) {
    if (log.identity.keyCheck !== keyCheck) throw keyMismatch();
    if (!vault.identity && !vault.hasKeys) throw vaultMissing();
    if (!vault.identity) return 'unproven';
    if (vault.identity.vaultId !== log.identity.vaultId) throw vaultMismatch();
    if (vault.identity.keyCheck !== keyCheck) throw keyMismatch();
    return 'known';
  }
  if (vault.identity && vault.identity.keyCheck !== keyCheck) throw keyMismatch();
  if (log.hasEvents) return 'unproven';
  if (vault.hasKeys) throw logMissing();
  return 'new';
}

/** Only a new installation may start without a key: it then makes one. */
export function assertNoKeyNeeded({ log, vault }: InstallationFound): void {
  if (log.identity || log.hasEvents || vault.identity || vault.hasKeys) throw keyMissing();
}

/** The data was written with another key. */
export const keyMismatch = (): HarkError =>
  new HarkError(
    'refused',
    'config.master-key-mismatch',
    'the master key is not the one this data was written with: set HARK_MASTER_KEY (or put back HARK_HOME/master.key) to the first one; nothing was changed',
  );

const keyMissing = (): HarkError =>
  new HarkError(
    'refused',
    'config.master-key-missing',
    'there is data here but no master key: set HARK_MASTER_KEY or put back HARK_HOME/master.key; a new key could read nothing of it, so none was made',
  );

/** The log holds personal texts, but there is no vault with their keys. */
export const vaultMissing = (): HarkError =>
  new HarkError(
    'refused',
    'vault.missing',
    'the event log holds personal texts but the vault with their keys is empty: restore the schema vault of Postgres from a backup (docs/backup.md), or start anew with an empty log too; nothing was changed',
  );

/** The vault belongs to another installation. */
export const vaultMismatch = (): HarkError =>
  new HarkError(
    'refused',
    'vault.mismatch',
    'the vault in Postgres is not the one of this event log: set DATABASE_URL and EVENTSTORE_URL to stores of one installation, or restore its vault (docs/backup.md); nothing was changed',
  );

/** The vault is this installation's, but older than the log. */
export const vaultBehind = (): HarkError =>
  new HarkError(
    'refused',
    'vault.behind',
    'the vault lacks keys of persons in the latest events: it is older than the event log; restore a newer backup of it (docs/backup.md); nothing was changed',
  );

const logMissing = (): HarkError =>
  new HarkError(
    'refused',
    'eventstore.missing',
    'the vault holds the keys of persons but the event log is empty: restore the event log (docs/backup.md) or set EVENTSTORE_URL to it, or start anew with an empty Postgres too; nothing was changed',
  );
