import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { JudgedTexts, judgeTextsRequest, moderationSubjects, parse, Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { LocalRules, LocalVerdict } from '../domain/local-rules';

/**
 * Says of names and other short texts what the local rules say of a push. Nothing is stored and WeChat is not asked, so
 * the answer is there at once, also while stores are away. Services ask, nobody else.
 */
@Controller()
export class JudgeTextsHandler {
  constructor(private readonly rules: LocalRules) {}

  @MessagePattern(moderationSubjects.judgeTexts)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<JudgedTexts>> {
    if (requestContextOf(context).caller.kind !== 'service') {
      throw new HarkError('refused', 'role.required', 'only a service may ask this', { extra: { role: 'service' } });
    }
    const { texts } = parse(judgeTextsRequest, body);
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
