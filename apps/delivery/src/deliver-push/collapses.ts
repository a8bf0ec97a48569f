import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RecordedEvent } from '@hark/eventstore';
import { positionToken } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { EndpointDelivery } from '../domain/delivery.decider';

/** What phones show under collapse keys. */
@Injectable()
export class Collapses {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  /** Whether the endpoint shows another push in the place of the one whose event this is, or is about to. */
  async isReplaced(
    recorded: RecordedEvent,
    { endpointId, collapseKey }: Pick<EndpointDelivery, 'endpointId' | 'collapseKey'>,
  ): Promise<boolean> {
    if (collapseKey === null) return false;
    await this.readModel.waitForPosition(positionToken(recorded.position, 'delivery'));
    const [shown] = await this.database.query<{ push_id: string }[]>(
      'select push_id from delivery.collapses where endpoint_id = $1 and collapse_key = $2',
      [endpointId, collapseKey],
    );
    return shown?.push_id !== recorded.id;
  }

  /**
   * Which of the endpoints show a push under that key, or are about to, that came later than this one; `after`: what the
   * tables must have seen before they are asked. Without a key there is nothing to ask.
   */
  async overtakenAt(
    pushId: string,
    endpointIds: readonly string[],
    collapseKey: string | undefined,
    after: string | undefined,
  ): Promise<ReadonlySet<string>> {
    if (collapseKey === undefined || endpointIds.length === 0) return new Set();
    await this.readModel.waitForPosition(after);
    const rows = await this.database.query<{ endpoint_id: string }[]>(
      // What has left the inbox since has no place in it any more: it is taken for the later one.
      `select endpoint_id from delivery.collapses
        where endpoint_id = any($1::uuid[]) and collapse_key = $2 and push_id <> $3::uuid
          and coalesce((select place from delivery.inbox where item_id = push_id)
                > (select place from delivery.inbox where item_id = $3::uuid), true)`,
      [endpointIds, collapseKey, pushId],
    );
    return new Set(rows.map(({ endpoint_id }) => endpoint_id));
  }
}
