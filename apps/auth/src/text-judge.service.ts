import { Injectable } from '@nestjs/common';
import { JudgedTexts, moderationSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RequestContext, RpcClient } from '@hark/nats';

/** Texts by the names of the fields they came in. What is absent is not judged. */
export type TextsToJudge = Readonly<Record<string, string | undefined>>;

/** Has the texts that people are shown of an app judged like any other text, before they are taken. */
@Injectable()
export class TextJudge {
  constructor(private readonly requests: RpcClient) {}

  /**
   * Returns when every text has passed. A name that has not is `app.name-refused`, any other text `app.text-refused`, with
   * the fields; without an answer it is `unavailable`: what was not judged is not taken.
   */
  async passed(texts: TextsToJudge, { requestId, deadlineMs }: RequestContext): Promise<void> {
    const asked = Object.entries(texts).flatMap(([field, text]) => (text ? [{ field, text }] : []));
    if (asked.length === 0) return;
    const meta = { requestId, deadlineMs };
    const { body } = await this.requests.request<JudgedTexts>(moderationSubjects.judgeTexts, { texts: asked }, meta);
    const passed = new Set(body.verdicts.flatMap(({ field, verdict }) => (verdict === 'passed' ? [field] : [])));
    const refused = asked.map(({ field }) => field).filter((field) => !passed.has(field));
    if (refused.length === 0) return;
    const errors = refused.map((path) => ({ path, message: 'did not pass moderation' }));
    if (refused.some((field) => names.has(field))) {
      throw new HarkError('refused', 'app.name-refused', 'the name did not pass moderation', { errors });
    }
    throw new HarkError('refused', 'app.text-refused', 'a text did not pass moderation', { errors });
  }
}

const names: ReadonlySet<string> = new Set(['name', 'appName']);
