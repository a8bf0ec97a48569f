import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { aadOf, PushContent, ThreadState } from '@hark/contracts';
import { Queries } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { InboxRow } from './inbox-row.read-model';

type ThreadOf = Pick<InboxRow, 'app_id' | 'thread_id'>;
type StepRow = ThreadOf & { item_id: string; step_index: number; step_of: number; content: string; filed_at: string };
type CountRow = ThreadOf & { messages: number; unread: number };

/** What the tables say of threads, their texts still sealed. */
export interface ThreadRows {
  readonly counts: readonly CountRow[];
  readonly steps: readonly StepRow[];
}

/** Where threads stand: how much came, and the line of their steps. */
@Injectable()
export class ThreadStates {
  constructor(
    private readonly database: DataSource,
    private readonly vault: Vault,
  ) {}

  /** For each of the person's rows where its thread stands, undefined without one. */
  async of(personId: string, rows: readonly ThreadOf[]): Promise<(ThreadState | undefined)[]> {
    return this.open(rows, await this.read(personId, rows));
  }

  /** What `open` needs: two queries, whatever the number of rows. `database`: the transaction in which the rows were read. */
  async read(personId: string, rows: readonly ThreadOf[], database: Queries = this.database): Promise<ThreadRows> {
    const threaded = rows.filter(({ thread_id }) => thread_id !== null);
    if (threaded.length === 0) return { counts: [], steps: [] };
    const values = [personId, threaded.map(({ thread_id }) => thread_id), threaded.map(({ app_id }) => app_id)];
    const inThese = `person_id = $1::uuid and filed_at is not null
      and (thread_id, app_id) in (select * from unnest($2::uuid[], $3::uuid[]))`;
    // One after the other: a transaction has one connection.
    const counts = await database.query<CountRow[]>(
      `select app_id, thread_id, count(*)::int as messages,
              (count(*) filter (where read_at is null and archived_at is null))::int as unread
         from delivery.inbox where ${inThese} group by app_id, thread_id`,
      values,
    );
    const steps = await database.query<StepRow[]>(
      `select distinct on (app_id, thread_id, step_index) app_id, thread_id, step_index, step_of, item_id, content, filed_at
         from delivery.inbox where ${inThese} and step_index is not null
        order by app_id, thread_id, step_index, place desc, item_id desc`,
      values,
    );
    return { counts, steps };
  }

  /**
   * Where the thread of each row stands, in their order, undefined without one. The furthest step counts, in whichever order
   * they came, so the answer is the same after a rebuild.
   */
  async open(rows: readonly ThreadOf[], { counts, steps }: ThreadRows): Promise<(ThreadState | undefined)[]> {
    const lines = Map.groupBy(await this.labelled(steps), ({ row }) => keyOf(row));
    const states = new Map(counts.map((count) => [keyOf(count), stateOf(count, lines.get(keyOf(count)) ?? [])]));
    return rows.map((row) => states.get(keyOf(row)));
  }

  private async labelled(steps: readonly StepRow[]): Promise<Labelled[]> {
    const texts = await this.vault.openMany(
      steps.map(({ content, item_id }) => ({ sealed: content, aad: aadOf.content(item_id) })),
    );
    return steps.map((row, index) => {
      const text = texts[index];
      return { row, label: text === undefined ? undefined : (JSON.parse(text) as PushContent).step?.label };
    });
  }
}

interface Labelled {
  readonly row: StepRow;
  readonly label: string | undefined;
}

const keyOf = ({ app_id, thread_id }: ThreadOf): string => `${app_id} ${thread_id}`;

function stateOf({ messages, unread }: CountRow, line: readonly Labelled[]): ThreadState {
  const furthest = line.at(-1);
  if (!furthest) return { messages, unread };
  return {
    messages,
    unread,
    step: { index: furthest.row.step_index, of: furthest.row.step_of, ...labelOf(furthest) },
    steps: line.map(({ row, label }) => ({
      index: row.step_index,
      ...labelOf({ label }),
      inboxItemId: row.item_id,
      receivedAt: row.filed_at,
    })),
  };
}

const labelOf = ({ label }: Pick<Labelled, 'label'>) => (label === undefined ? {} : { label });
