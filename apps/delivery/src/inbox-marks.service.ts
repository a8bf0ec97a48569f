import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { marksMax } from '@hark/contracts';
import { CommandContext, stepContext } from '@hark/eventstore';
import { Clock, latestPosition } from '@hark/kernel';
import { InboxItemCommand } from './domain/inbox-item.decider';
import { filterSql, InboxFilter } from './inbox-filter.read-model';
import { InboxItemStore } from './inbox-item.store';

export type Mark = Exclude<InboxItemCommand['type'], 'TakeAction' | 'Clear'>;

/** How many are written at once. */
const writesAtOnce = 8;

/** Which messages a mark changes anything about. */
const unmarked: Readonly<Record<Mark, Partial<InboxFilter>>> = {
  Read: { unread: true },
  Unread: { unread: false },
  Acknowledge: { acknowledged: false },
  Archive: { archived: false },
  Unarchive: { archived: true },
  Keep: { kept: false },
  Unkeep: { kept: true },
};

/** What became of many messages. */
export interface Marked {
  readonly ids: readonly string[];
  /** How many more there were than one call marks. */
  readonly left: number;
  /** Of the last write in the log. */
  readonly position: string | undefined;
}

/** Marks many messages of one person. Each is a stream of its own, so a call takes so many and no more. */
@Injectable()
export class InboxMarks {
  constructor(
    private readonly database: DataSource,
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
  ) {}

  /** Those of the filter that are not so yet, the newest first. The list may be behind: what came meanwhile stays as it is. */
  markThose(filter: InboxFilter, mark: Mark, context: CommandContext): Promise<Marked> {
    const others = Object.entries(unmarked[mark]).some(
      ([name, is]) => (filter[name as keyof InboxFilter] ?? is) !== is,
    );
    if (others) return Promise.resolve({ ids: [], left: 0, position: undefined });
    return this.mark({ ...filter, ...unmarked[mark] }, mark, context);
  }

  /** Those of the ids that are the person's. */
  markIds(personId: string, ids: readonly string[], mark: Mark, context: CommandContext): Promise<Marked> {
    return this.mark({ personId, ids }, mark, context);
  }

  private async mark(filter: InboxFilter, type: Mark, context: CommandContext): Promise<Marked> {
    const { where, values } = filterSql(filter);
    const found = await this.database.query<{ item_id: string; total: number }[]>(
      `select item_id, count(*) over ()::int as total from delivery.inbox where ${where('inbox')}
       order by place desc, item_id desc limit ${marksMax}`,
      [...values],
    );
    const command = { type, at: this.clock.now() };
    let position: string | undefined;
    for (let index = 0; index < found.length; index += writesAtOnce) {
      const written = await Promise.all(
        found
          .slice(index, index + writesAtOnce)
          .map(({ item_id }) => this.items.execute(item_id, command, stepContext(context, item_id))),
      );
      position = latestPosition([position, ...written.map((one) => one.position)]);
    }
    const [{ total } = { total: 0 }] = found;
    return { ids: found.map(({ item_id }) => item_id), left: total - found.length, position };
  }
}
