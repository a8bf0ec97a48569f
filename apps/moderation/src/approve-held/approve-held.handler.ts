import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { heldDecisionRequest, moderationSubjects, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { HeldTexts } from '../held-texts.store';
import { ModerationStore } from '../moderation.store';

/** What became of a held text. */
export interface ApproveReply {
  readonly pushId: string;
  readonly status: 'approved';
}

/** An operator lets a held text pass: delivery goes on from there. The first decision wins. */
@Controller()
export class ApproveHeldHandler {
  constructor(
    private readonly moderations: ModerationStore,
    private readonly texts: HeldTexts,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(moderationSubjects.approve)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<ApproveReply>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { pushId, note } = parseWithId(heldDecisionRequest, body, 'pushId', 'review.unknown');
    const { position } = await this.moderations.execute(
      pushId,
      {
        type: 'Approve',
        operatorId,
        parties: await this.texts.parties(pushId),
        decisionId: request.commandId,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      commandContext(request),
    );
    return { body: { pushId, status: 'approved' }, ...(position && { position }) };
  }
}
