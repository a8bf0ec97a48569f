import { Injectable } from '@nestjs/common';
import { JudgedTexts, moderationSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RequestContext, RpcClient } from '@hark/nats';

/** Texts by the name of their field. An absent one is not judged. */
export type TextsToJudge = Readonly<Record<string, string | undefined>>;

/** Has an app's texts judged like any other text before they are accepted, because people see them. */
@Injectable()
export class TextJudge {
  constructor(private readonly requests: RpcClient) {}

  /**
   * Returns when every text has passed. Throws `app.name-refused` for a name, `app.text-refused` for other texts,
   * naming the fields, and `unavailable` without an answer: a text that was not judged is not accepted.
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
