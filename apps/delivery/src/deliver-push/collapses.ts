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

  /** Whether the endpoint shows a later push in the place of the one whose event this is, or is about to. */
  async isReplaced(
    recorded: RecordedEvent,
    { endpointId, collapseKey }: Pick<EndpointDelivery, 'endpointId' | 'collapseKey'>,
  ): Promise<boolean> {
    if (collapseKey === null) return false;
    await this.readModel.waitForPosition(positionToken(recorded.position, 'delivery'));
    const rows = await this.database.query<{ push_id: string }[]>(
      'select push_id from delivery.collapses where endpoint_id = $1 and collapse_key = $2',
      [endpointId, collapseKey],
    );
    return rows[0]?.push_id !== recorded.id;
  }
}
