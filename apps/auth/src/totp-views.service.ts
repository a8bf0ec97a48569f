import { Injectable } from '@nestjs/common';
import { TotpView } from '@hark/contracts';
import { isSteppedUp, Totp } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { AuthConfig } from './auth.config';

/** Somebody's second factor as they see it in a session. */
@Injectable()
export class TotpViews {
  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  view(totp: Totp, sessionId: string | undefined): TotpView {
    const now = this.clock.now();
    const stepUp = totp.stepUps.find((one) => one.sessionId === sessionId);
    return {
      status: totp.is,
      required: this.config.secondFactorRequired,
      recoveryCodesLeft: totp.recoveryHashes.length,
      ...(stepUp && isSteppedUp(totp, stepUp.sessionId, now) && { steppedUpUntil: stepUp.until }),
    };
  }
}
