import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, Page, pageRequest, ProposedBan, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { AppsStore } from '../apps.store';
import { BanRow } from './ban-rows.projection';

type Waiting = BanRow & { proposed_by: string; proposed_at: string; lapses_at: string };

const waitingBans: ListQuery = { select: 'select * from complaints.bans where lapses_at > $1', id: 'owner_id' };

/** The bans that wait for a second operator, newest first; lapsed ones are left out. */
@Controller()
@Requires('operator')
export class ListBansHandler {
  constructor(
    private readonly pages: Pages,
    private readonly apps: AppsStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.listBans)
  async handle(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ProposedBan>>> {
    const { position } = request;
    const now = this.clock.now();
    const { items: rows, nextCursor } = await this.pages.read<Waiting>(waitingBans, [now], { ...asked, position });
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
    return { body: { items: rows.map(item), nextCursor } };
  }
}
