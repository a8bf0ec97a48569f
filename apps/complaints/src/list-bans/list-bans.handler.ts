import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  complaintsSubjects,
  decodePlace,
  limitDefault,
  Page,
  pageOf,
  pageRequest,
  ProposedBan,
  Reply,
} from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { AppsStore } from '../apps.store';
import { BanRow } from './ban-rows.projection';

type Waiting = BanRow & { place: string | number; proposed_by: string; proposed_at: string; lapses_at: string };

/** The bans that wait for a second operator, newest first; lapsed ones are left out. */
@Controller()
@Requires('operator')
export class ListBansHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly apps: AppsStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.listBans)
  async handle(
    @Input(pageRequest) { limit = limitDefault, cursor }: z.infer<typeof pageRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ProposedBan>>> {
    const [place, ownerId] = decodePlace(cursor);
    await this.readModel.waitForPosition(request.position);
    const rows = await this.database.query<Waiting[]>(
      `select * from complaints.bans
       where lapses_at > $1 and ($2::bigint is null or (place, owner_id) < ($2, $3::uuid))
       order by place desc, owner_id desc limit $4`,
      [this.clock.now(), place, ownerId, limit + 1],
    );
    const names = await this.apps.names(rows.map((row) => row.app_id));
    const item = (row: Waiting): ProposedBan => ({
      appId: row.app_id,
      appName: names.get(row.app_id) ?? '',
      ownerId: row.owner_id,
      points: row.points,
      proposedBy: row.proposed_by,
      proposedAt: row.proposed_at,
      until: row.lapses_at,
      complaintId: row.complaint_id,
      severity: row.severity,
    });
    return { body: pageOf(rows, limit, item, (row) => [String(row.place), row.owner_id]) };
  }
}
