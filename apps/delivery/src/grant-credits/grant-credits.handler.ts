import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, CreditsReply, deliverySubjects, grantCreditsRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { Credits } from '../credits.service';
import { CreditCommand } from '../domain/credit.decider';

/** Counts what a person accepted in the mini program. It is their client's word: WeChat corrects it when it is wrong. */
@Controller()
@Requires('user')
export class GrantCreditsHandler {
  constructor(
    private readonly consent: ConsentStore,
    private readonly credits: Credits,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.grantCredits)
  async handle(
    @Input(grantCreditsRequest, { endpointId: 'endpoint.unknown' })
    { endpointId, results }: z.infer<typeof grantCreditsRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<CreditsReply>> {
    const { endpoints } = await this.consent.user(personId);
    const endpoint = endpoints.find((one) => one.endpointId === endpointId);
    if (!endpoint) throw new HarkError('not-found', 'endpoint.unknown', 'the person has no such endpoint');
    const channel = this.channels.get(endpoint.kind);
    if (!channel?.spendsCredits) throw new HarkError('conflict', 'endpoint.no-credits', 'it is not counted');
    const opened = await this.vault.open(endpoint.address, aadOf.address(endpointId));
    const { templateId = '' } = opened === undefined ? {} : channel.show(JSON.parse(opened));
    const result = Object.hasOwn(results, templateId) ? results[templateId] : undefined;
    const command = commandFor(result, uuid5(endpointId, context.commandId), this.clock.now());
    if (!command) return { body: { credits: (await this.credits.load(endpointId)).state.left } };
    const executed = await this.credits.execute(endpointId, command, context);
    return replyTo(executed, { credits: executed.state.left });
  }
}

/** WeChat docs: wx.requestSubscribeMessage. A refusal of one dialog leaves what was accepted before; a ban does not. */
function commandFor(result: string | undefined, reportId: string, at: string): CreditCommand | undefined {
  switch (result) {
    case 'accept':
    case 'acceptWithAlert':
    case 'acceptWithAudio':
    case 'acceptWithForcePush':
      return { type: 'Grant', reportId, count: 1, at };
    case 'ban':
      return { type: 'Empty', reason: 'rejected', at };
    default:
      return undefined;
  }
}
