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
    const shown = await this.shownAt(recorded, endpointId, collapseKey);
    return shown?.push_id !== recorded.id;
  }

  /** Whether the endpoint shows a push under that key, or is about to, that came after the one whose event this is. */
  async isOvertaken(recorded: RecordedEvent, endpointId: string, collapseKey: string): Promise<boolean> {
    const shown = await this.shownAt(recorded, endpointId, collapseKey);
    return shown?.is_later === true;
  }

  private async shownAt(
    recorded: RecordedEvent,
    endpointId: string,
    collapseKey: string,
  ): Promise<{ readonly push_id: string; readonly is_later: boolean } | undefined> {
    await this.readModel.waitForPosition(positionToken(recorded.position, 'delivery'));
    const [row] = await this.database.query<{ push_id: string; is_later: boolean }[]>(
      // What has left the inbox since has no place in it any more: it is taken for the later one.
      `select push_id, push_id <> $3::uuid and coalesce(
                (select place from delivery.inbox where item_id = push_id)
                  > (select place from delivery.inbox where item_id = $3::uuid), true) as is_later
         from delivery.collapses where endpoint_id = $1 and collapse_key = $2`,
      [endpointId, collapseKey, recorded.id],
    );
    return row;
  }
}
