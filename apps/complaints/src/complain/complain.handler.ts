import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complainRequest, complaintsSubjects, ComplaintView, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintMaker } from './complaint-maker';

/** A person complains about a push they received: once, within 30 days. */
@Controller()
@Requires('user')
export class ComplainHandler {
  constructor(private readonly maker: ComplaintMaker) {}

  @MessagePattern(complaintsSubjects.complain)
  async handle(
    @Input(complainRequest, { inboxItemId: 'inbox.unknown' }) asked: z.infer<typeof complainRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ComplaintView>> {
    return this.maker.make(asked, personId, context);
  }
}
