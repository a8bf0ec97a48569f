import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  ComplaintCase,
  complaintsSubjects,
  listAppealsRequest,
  OwnAppealView,
  Page,
  pageRequest,
  Reply,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';
import { appealViewOf } from '../domain/appeal-views';
import { penaltyIdOf } from '../penalties.service';

const byStatus: ListQuery = {
  select: `select complaint_id, appeal_place as place from complaints.complaints
           where appeal is not null and ($1::text is null or appeal = $1)`,
  id: 'complaint_id',
};

const own: ListQuery = {
  select: `select complaint_id, appeal_place as place from complaints.complaints
           where appeal is not null and owner_id = $1`,
  id: 'complaint_id',
};

/**
 * The appeals, newest first unless asked otherwise: each with its complaint and the push as evidence, for operators, where the look is recorded;
 * and those of a person, with their own words, for their export.
 */
@Controller()
export class ListAppealsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
    private readonly vault: Vault,
  ) {}

  @Requires('operator')
  @MessagePattern(complaintsSubjects.listAppeals)
  async handle(
    @Input(listAppealsRequest) { status, ...asked }: z.infer<typeof listAppealsRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ComplaintCase>>> {
    const { items: rows, nextCursor } = await this.pages.read<{ complaint_id: string }>(byStatus, [status ?? null], {
      ...asked,
      position: request.position,
    });
    const ids = rows.map((row) => row.complaint_id);
    await this.looks.record(context, operatorId, ids);
    return { body: { items: await this.cases.manyForOperator(await this.complaints.made(ids)), nextCursor } };
  }

  @Requires('user')
  @MessagePattern(complaintsSubjects.listOwnAppeals)
  async own(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() ownerId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<OwnAppealView>>> {
    const { items: rows, nextCursor } = await this.pages.read<{ complaint_id: string }>(own, [ownerId], {
      ...asked,
      position: request.position,
    });
    const appealed = (await this.complaints.made(rows.map((row) => row.complaint_id))).flatMap(([id, complaint]) =>
      complaint.is === 'upheld' && complaint.appeal ? [{ id, complaint, appeal: complaint.appeal }] : [],
    );
    const notes = await this.vault.openMany(
      appealed.map(({ id, appeal }) => ({ sealed: appeal.appealed.note, aad: aadOf.appealNote(id) })),
    );
    const items = appealed.map(({ id, complaint, appeal }, index) => ({
      penaltyId: penaltyIdOf(id),
      appId: complaint.complained.appId,
      note: notes[index] ?? '',
      ...appealViewOf(appeal),
    }));
    return { body: { items, nextCursor } };
  }
}
