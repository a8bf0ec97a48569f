import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { durationMs, Escalation, pushBody } from '@hark/contracts';
import { Present } from '@hark/eventstore';
import { isUnderOpenid, openidIdOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { Sender, Senders } from './senders.service';

type Asked = NonNullable<z.infer<typeof pushBody>['escalate']>;

/** Whom a push goes to while nobody acknowledges it, as far as that can be said when it is accepted. */
@Injectable()
export class Escalations {
  constructor(private readonly senders: Senders) {}

  /**
   * In the order of their times. Who they are and what they want is looked up when their turn has come; here an openid that
   * nobody has ever claimed is `binding.unknown`. A key reaches its own person only: `push.escalate-needs-secret`.
   */
  async of(
    asked: Asked,
    {
      sender,
      bindingId,
      personId,
      present,
    }: {
      readonly sender: Sender;
      readonly bindingId: string;
      readonly personId: string;
      readonly present: Present;
    },
  ): Promise<Escalation[]> {
    const { appId } = sender;
    if (sender.by !== 'app') {
      throw new HarkError('refused', 'push.escalate-needs-secret', 'a key reaches its own person only');
    }
    const errors = asked.flatMap(({ openid }, index) =>
      isUnderOpenid(bindingId, appId, openid, personId)
        ? [{ path: `escalate.${index}.openid`, message: 'must not name the recipient' }]
        : [],
    );
    if (errors.length > 0) throw new HarkError('invalid', 'request.invalid', 'it would go to them twice', { errors });
    const steps = asked.map(({ after, openid }) => ({
      afterMs: durationMs(after)!,
      openidId: openidIdOf(appId, openid),
    }));
    const known = await Promise.all(steps.map(({ openidId }) => this.senders.isClaimed(appId, openidId, present)));
    const unknown = known.flatMap((isKnown, index) =>
      isKnown
        ? []
        : [{ path: `escalate.${index}.openid`, message: 'must be somebody who has granted this app something' }],
    );
    if (unknown.length > 0)
      throw new HarkError('not-found', 'binding.unknown', 'nobody has claimed that openid', { errors: unknown });
    return steps.toSorted((one, other) => one.afterMs - other.afterMs);
  }
}
