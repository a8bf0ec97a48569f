import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { JudgedTexts, judgeTextsRequest, moderationSubjects, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { LocalVerdict } from '../domain/local-rules';
import { worded } from '../domain/worded';
import { RulesInForce } from '../rules-in-force.store';

/**
 * Judges names and other short texts by the local rules that pushes are judged by. Stores nothing and does not ask
 * WeChat, so it answers at once, also while stores are away: by the rules that were in force last.
 */
@Controller()
@Requires('service')
export class JudgeTextsHandler {
  constructor(private readonly inForce: RulesInForce) {}

  @MessagePattern(moderationSubjects.judgeTexts)
  async handle(@Input(judgeTextsRequest) { texts }: z.infer<typeof judgeTextsRequest>): Promise<Reply<JudgedTexts>> {
    const rules = await this.inForce.current();
    const alone = texts.map(({ text }) => rules.judge(text));
    // Readers see the fields side by side, so they are judged together too; such a match is reported at each of them.
    const together = rules.judge(texts.map(({ text }) => text).join('\n'));
    const isWorseTogether = alone.every(({ is }) => gravity[is] < gravity[together.is]);
    const verdicts = (isWorseTogether ? alone.map(() => together) : alone).map((verdict, index) => ({
      field: texts[index]!.field,
      ...worded(verdict),
    }));
    return { body: { verdicts } };
  }
}

const gravity: Readonly<Record<LocalVerdict['is'], number>> = { clean: 0, hold: 1, block: 2 };
