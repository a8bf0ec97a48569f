import { Injectable } from '@nestjs/common';
import { HarkError } from '@hark/kernel';
import { Outbound, OutboundError } from '@hark/outbound';

/** Which addresses apps may be called at: public https ones (`TargetRules` of `@hark/outbound`). */
@Injectable()
export class CallbackAddresses {
  constructor(private readonly outbound: Outbound) {}

  /** Throws `request.invalid` at `callbackUrl` for an address that no call may go to. Resolves no name. */
  assertAllowed(url: string): void {
    try {
      this.outbound.assertAllowed(url);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      throw new HarkError('invalid', 'request.invalid', 'the callback address is not allowed', {
        errors: [{ path: 'callbackUrl', message: 'must be a public https address, without a part after #' }],
      });
    }
  }
}
