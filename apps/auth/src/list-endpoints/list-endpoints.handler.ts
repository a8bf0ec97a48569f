import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, EndpointView, Page, pageRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { EndpointReplies } from '../endpoint-replies.service';
import { EndpointRow } from './endpoint-rows.projection';

type Listed = Omit<EndpointRow, 'added_at' | 'challenge_expires_at' | 'challenge_retry_at'> & {
  added_at: Date;
  challenge_expires_at: Date | null;
  challenge_retry_at: Date | null;
};

const ownEndpoints = {
  select: 'select * from auth.endpoints where person_id = $1',
  id: 'endpoint_id',
};

/** The caller's endpoints, secrets masked. */
@Controller()
@Requires('user')
export class ListEndpointsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly replies: EndpointReplies,
  ) {}

  @MessagePattern(authSubjects.listEndpoints)
  async handle(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request: { position, locale } }: HarkContext,
  ): Promise<Reply<Page<EndpointView>>> {
    const { items: rows, nextCursor } = await this.pages.read<Listed>(ownEndpoints, [personId], { ...asked, position });
    const items = await this.replies.views(
      rows.map((row) => ({
        endpointId: row.endpoint_id,
        kind: row.kind,
        address: row.address,
        verified: row.verified,
        addedAt: row.added_at.toISOString(),
        challengeExpiresAt: row.challenge_expires_at?.toISOString() ?? null,
        challengeRetryAt: row.challenge_retry_at?.toISOString() ?? null,
        challengeFailure: row.challenge_failure,
        disabledReason: row.disabled_reason,
        name: row.name,
        rank: row.rank,
        trouble: row.trouble,
      })),
      locale,
    );
    return { body: { items, nextCursor } };
  }
}
