import { Injectable, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Logger } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { erasureRows } from './erasure-rows.projection';

/** How many keys are destroyed together. */
const batchSize = 200;

/**
 * Destroys again the keys that a vault restored from before an erasure has brought back: at the start, and whenever the
 * table of erasures changes, as it does when it is built anew from the log.
 */
@Injectable()
export class ErasedKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private stopListening: (() => void) | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly vault: Vault,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.readModel.onWritten(erasureRows.name, () => this.sweepNext());
    this.sweepNext();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening?.();
    await this.sweeping;
  }

  /** Destroys every key of an erased person that the vault still has; how many there were. */
  async sweep(): Promise<number> {
    for (let count = 0; ;) {
      const rows: { person_id: string }[] = await this.database.query(
        `select person_id from auth.erasures join vault.person_keys using (person_id)
          where wrapped_key is not null limit ${batchSize}`,
      );
      for (const { person_id } of rows) await this.vault.erase(person_id);
      count += rows.length;
      if (rows.length < batchSize) return count;
    }
  }

  private sweepNext(): void {
    this.sweeping = this.sweeping.then(async () => {
      try {
        await this.sweep();
      } catch (error) {
        // The reactor destroys the key of a new erasure in any case; this one is for keys that were brought back.
        const reason = error instanceof Error ? error.message : String(error);
        this.log.warn(
          { reason },
          'the keys of erased persons could not be looked for; the next erasure or start does it',
        );
      }
    });
  }
}
