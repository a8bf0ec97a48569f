import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { JudgedTexts, judgeTextsRequest, moderationSubjects, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { LocalRules, LocalVerdict } from '../domain/local-rules';

/**
 * Says of names and other short texts what the local rules say of a push. Nothing is stored and WeChat is not asked, so
 * the answer is there at once, also while stores are away.
 */
@Controller()
@Requires('service')
export class JudgeTextsHandler {
  constructor(private readonly rules: LocalRules) {}

  @MessagePattern(moderationSubjects.judgeTexts)
  async handle(@Input(judgeTextsRequest) { texts }: z.infer<typeof judgeTextsRequest>): Promise<Reply<JudgedTexts>> {
    const alone = texts.map(({ text }) => this.rules.judge(text));
    // What is split over several fields is shown side by side: read together, and told at each of them.
    const together = this.rules.judge(texts.map(({ text }) => text).join('\n'));
    const isWorseTogether = alone.every(({ is }) => gravity[is] < gravity[together.is]);
    const verdicts = (isWorseTogether ? alone.map(() => together) : alone).map((verdict, index) => ({
      field: texts[index]!.field,
      ...worded(verdict),
    }));
    return { body: { verdicts } };
  }
}

const gravity: Readonly<Record<LocalVerdict['is'], number>> = { clean: 0, hold: 1, block: 2 };

function worded(verdict: LocalVerdict): Omit<JudgedTexts['verdicts'][number], 'field'> {
  if (verdict.is === 'clean') return { verdict: 'passed' };
  return { verdict: verdict.is === 'block' ? 'blocked' : 'held', label: verdict.label };
}
