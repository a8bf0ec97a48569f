import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { moderationSubjects, noFields, Reply, RulesView } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { RulesViews } from '../rules-views.service';

/** The rules that texts are judged by, for operators: those that are built in, what was added and taken out, by whom. */
@Controller()
@Requires('operator')
export class GetRulesHandler {
  constructor(private readonly views: RulesViews) {}

  @MessagePattern(moderationSubjects.getRules)
  async handle(@Input(noFields) _: object): Promise<Reply<RulesView>> {
    return { body: await this.views.present() };
  }
}
