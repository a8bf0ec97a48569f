import { Injectable, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, latestPosition, Logger, plusMs, uuid5 } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { InboxItemStore } from '../inbox-item.store';
import { goneToldForMs } from '../inbox-row.read-model';
import { retentionRows } from './retention.projection';

/** Retention is told in days, so an hour more does not matter. */
const everyMs = 3_600_000;
/** People in one round, and messages of one of them: a round is some seconds of background work at most. */
const peopleMax = 50;
const itemsMax = 200;
const writesAtOnce = 4;
const dayMs = 24 * 3_600_000;

/** Rows of what has left the inbox that are forgotten in one statement. */
const forgottenMax = 1_000;

/**
 * Clears away the messages that are older than their people keep them: by an event each, so that a rebuild makes the same
 * tables. What is left to do stands in the tables, so nothing is lost by a restart; what two processes clear at the same
 * time is cleared once, because the message's stream says so. What is left of messages that have gone is forgotten after a while,
 * without an event: a rebuild that finds it again loses it again.
 */
@Injectable()
export class ClearOld implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private stopListening: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.readModel.onWritten(retentionRows.name, () => this.sweepNext());
    this.timer = setInterval(() => this.sweepNext(), everyMs).unref();
    this.sweepNext();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.stopListening?.();
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Clears everything that is too old now; how many messages it found. */
  async sweep(): Promise<number> {
    for (let count = 0; ;) {
      const found = await this.round();
      count += found;
      if (found === 0 || this.stopping.signal.aborted) return count;
    }
  }

  /** Forgets the messages that left the inbox so long ago that no stream tells it; how many. Streams know up to where. */
  async forget(): Promise<number> {
    const before = plusMs(this.clock.now(), -goneToldForMs);
    for (let count = 0; ;) {
      const [{ forgotten }] = await this.database.query<[{ forgotten: number }]>(forget, [before]);
      count += forgotten;
      if (forgotten < forgottenMax || this.stopping.signal.aborted) return count;
    }
  }

  private async round(): Promise<number> {
    const now = this.clock.now();
    // One look for each person: whether the oldest message that is not kept is too old.
    const people = await this.database.query<{ person_id: string; days: number }[]>(
      `select person_id, days from delivery.retention r where (${oldest('filed_at', 'r.person_id', 1)})
          < to_char(($1::timestamptz - days * interval '1 day') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        limit ${peopleMax}`,
      [now],
    );
    let count = 0;
    const positions: (string | undefined)[] = [];
    for (const { person_id, days } of people) {
      const rows = await this.database.query<{ item_id: string; filed_at: string }[]>(
        oldest('item_id, filed_at', '$1', itemsMax),
        [person_id],
      );
      const old = rows.filter(({ filed_at }) => filed_at < plusMs(now, -days * dayMs));
      count += old.length;
      for (let index = 0; index < old.length && !this.stopping.signal.aborted; index += writesAtOnce) {
        const some = old.slice(index, index + writesAtOnce);
        positions.push(...(await Promise.all(some.map(({ item_id }) => this.clear(item_id, now)))));
      }
    }
    await this.readModel.waitForPosition(latestPosition(positions));
    return count;
  }

  private async clear(itemId: string, at: string): Promise<string | undefined> {
    const commandId = uuid5(itemId, 'clear');
    const context = { commandId, actor: 'service:delivery', requestId: commandId, correlationId: commandId };
    return (await this.items.execute(itemId, { type: 'Clear', at }, context)).position;
  }

  private sweepNext(): void {
    this.sweeping = this.sweeping.then(async () => {
      try {
        if (!this.stopping.signal.aborted) await this.sweep();
        if (!this.stopping.signal.aborted) await this.forget();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.log.warn({ reason }, 'old messages could not be cleared away; the next hour or start does it');
      }
    });
  }
}

/** Together with up to where: a stream that goes on from before that must not miss in silence what it is not told. */
const forget = `with old as (
    delete from delivery.inbox where item_id in
      (select item_id from delivery.inbox where gone_at < $1 limit ${forgottenMax})
    returning changed_position
  ), told as (
    update delivery.forgotten set position = greatest(position, (select max(changed_position) from old))
      where exists (select from old)
  )
  select count(*)::int as forgotten from old`;

/** The oldest messages of a person that are not kept, by their place in the inbox. */
const oldest = (columns: string, personId: string, max: number) =>
  `select ${columns} from delivery.inbox where person_id = ${personId} and filed_at is not null and kept_at is null
    order by place, item_id limit ${max}`;
