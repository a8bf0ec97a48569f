import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { changeRulesRequest, moderationSubjects, Reply, RulesView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { RulesInForce } from '../rules-in-force.store';
import { RulesViews } from '../rules-views.service';
import { assertFit } from './assert-fit';

/**
 * An operator's rules are these from now on, in every process within a second. Verdicts that were given stand. Throws
 * `conflict` `rules.changed-meanwhile` when the operator has not seen the rules as they are.
 */
@Controller()
@Requires('operator')
export class ChangeRulesHandler {
  constructor(
    private readonly rules: RulesInForce,
    private readonly views: RulesViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(moderationSubjects.changeRules)
  async handle(
    @Input(changeRulesRequest) { note, ...wanted }: z.infer<typeof changeRulesRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RulesView>> {
    assertFit(wanted);
    const executed = await this.rules.change(
      { type: 'ChangeRules', ...wanted, operatorId, ...(note !== undefined && { note }), at: this.clock.now() },
      context,
    );
    return replyTo(executed, this.views.of(executed.state));
  }
}
