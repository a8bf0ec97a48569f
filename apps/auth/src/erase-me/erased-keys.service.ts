import { Injectable, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, Logger, plusMs } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { erasureRows } from './erasure-rows.projection';

/** How many keys are destroyed together. */
const batchSize = 200;
/**
 * For how long a new erasure is the reactor's alone, in milliseconds: it mails the person before it destroys the key, which
 * opens their addresses.
 */
export const reactorsMs = 10 * 60_000;
/** How often keys are looked for besides, in milliseconds. */
const everyMs = 10 * 60_000;

/**
 * Destroys again the keys that a vault restored from before an erasure has brought back: all of them at the start; later, of
 * the erasures that are no longer the reactor's, whenever their table changes, as it does when it is built anew from the log,
 * and every ten minutes.
 */
@Injectable()
export class ErasedKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private stopListening: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.readModel.onWritten(erasureRows.name, () => this.sweepNext(reactorsMs));
    this.timer = setInterval(() => this.sweepNext(reactorsMs), everyMs).unref();
    this.sweepNext();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening?.();
    clearInterval(this.timer);
    await this.sweeping;
  }

  /**
   * Destroys every key that the vault still has of an erased person, of those who were erased at least so long ago where that is
   * said; how many there were.
   */
  async sweep(agoMs?: number): Promise<number> {
    const latest = agoMs === undefined ? null : plusMs(this.clock.now(), -agoMs);
    for (let count = 0; ;) {
      const rows: { person_id: string }[] = await this.database.query(
        `select person_id from auth.erasures join vault.person_keys using (person_id)
          where wrapped_key is not null and ($1::timestamptz is null or erased_at <= $1)
          limit ${batchSize}`,
        [latest],
      );
      for (const { person_id } of rows) await this.vault.erase(person_id);
      count += rows.length;
      if (rows.length < batchSize) return count;
    }
  }

  private sweepNext(agoMs?: number): void {
    this.sweeping = this.sweeping.then(async () => {
      try {
        await this.sweep(agoMs);
      } catch (error) {
        // The reactor destroys the key of a new erasure in any case; this one is for keys that were brought back.
        const reason = error instanceof Error ? error.message : String(error);
        this.log.warn(
          { reason },
          'the keys of erased persons could not be looked for; it is done again within ten minutes',
        );
      }
    });
  }
}
