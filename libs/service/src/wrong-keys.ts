import { Injectable } from '@nestjs/common';
import { HarkError, Logger } from '@hark/kernel';
import { RequestContext } from '@hark/nats';
import { GuessLimits } from './guess-limits';
import { credentialRule, guesserOf } from './limit-guesses';

/** Counts wrong keys that came in the items of one call, where no handler throws them. */
@Injectable()
export class WrongKeys {
  constructor(
    private readonly limits: GuessLimits,
    private readonly log: Logger,
  ) {}

  /** Counts that many different ones like as many calls; answers the refusal where they were too many. */
  async count(request: Pick<RequestContext, 'caller'>, count: number): Promise<HarkError | undefined> {
    const by = guesserOf(request);
    if (by === undefined || count === 0) return undefined;
    try {
      await this.limits.wereWrong({ kind: credentialRule.kind, by }, count);
    } catch (error) {
      if (error instanceof HarkError && error.code === 'request.too-many-guesses') return error;
      // Without the database the wrong keys are refused all the same.
      this.log.warn({ err: error }, 'wrong keys were not counted');
    }
    return undefined;
  }
}
