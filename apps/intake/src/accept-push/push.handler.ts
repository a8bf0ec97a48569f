import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { intakeSubjects, PushReply, pushRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Input, replyTo, Requires } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { acceptedAs } from '../domain/accepted-as';
import { Senders } from '../senders.service';
import { PushAcceptance } from './push-acceptance';

/** Accepts a push. Once it answers, the push is durable. */
@Controller()
@Requires('credential')
export class PushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly acceptance: PushAcceptance,
  ) {}

  @MessagePattern(intakeSubjects.push)
  async handle(
    @Input(pushRequest) { credential, ...push }: z.infer<typeof pushRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushReply>> {
    const pushId = request.commandId;
    const present = this.consent.present();
    const prove = (key: string | undefined) => this.senders.prove(credential, key, present);
    // Without an Idempotency-Key the id is random and cannot exist yet.
    const asked = { pushId, push, credential, prove, present, isNew: request.requestHash === undefined };
    const executed = await this.acceptance.accept(asked, request);
    return replyTo(executed, { id: pushId, status: acceptedAs(executed.state) });
  }
}
