import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { judgeContentRequest, JudgedContent, moderationSubjects, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { messageText } from '../domain/message-text';
import { worded } from '../domain/worded';
import { RulesInForce } from '../rules-in-force.store';

/** Judges what a push would say by the local rules, all its words together as for a real one. Stores nothing and asks nobody. */
@Controller()
@Requires('service')
export class JudgeContentHandler {
  constructor(private readonly rules: RulesInForce) {}

  @MessagePattern(moderationSubjects.judgeContent)
  async handle(
    @Input(judgeContentRequest) { content }: z.infer<typeof judgeContentRequest>,
  ): Promise<Reply<JudgedContent>> {
    return { body: worded((await this.rules.current()).judge(messageText(content))) };
  }
}
