import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  complaintsSubjects,
  readStateRequest,
  Reply,
  stateSubjectOf,
  streamFolders,
  StreamState,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { RpcClient } from '@hark/nats';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintLooks } from '../complaint-looks.store';

/**
 * What a stream adds up to after one of its events, for operators, masked as in the audit. The service that decides on the
 * stream folds it; the look is recorded before it is asked. Throws `not-found` `stream.unknown`.
 */
@Controller()
@Requires('operator')
export class ReadStateHandler {
  constructor(
    private readonly requests: RpcClient,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.readState)
  async handle(
    @Input(readStateRequest) asked: z.infer<typeof readStateRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<StreamState>> {
    await this.looks.recordAudit(context, operatorId, asked);
    const category = asked.stream.slice(0, asked.stream.indexOf('-')) as keyof typeof streamFolders;
    const { body } = await this.requests.request<StreamState>(stateSubjectOf(streamFolders[category]), asked);
    return { body };
  }
}
