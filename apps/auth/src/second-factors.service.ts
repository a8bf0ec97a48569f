import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { aadOf } from '@hark/contracts';
import { CommandContext, Executed } from '@hark/eventstore';
import { Totp, User } from '@hark/gate';
import { Clock, HarkError, plusMs } from '@hark/kernel';
import { RequestContext } from '@hark/nats';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { base32, matchingStep, secretBytes } from './domain/totp';
import { codeWrong, notEnrolled, recoveryCodesCount } from './domain/totp.rules';
import { UserStore } from './user.store';

/** How long a session that showed the second factor may act as operator or admin, in milliseconds. */
export const stepUpLifeMs = 12 * 3_600_000;

/** A code that fits: one of the authenticator's, by its step, or a recovery code, by its hash. */
type Shown = { readonly step: number } | { readonly recoveryHash: string };

/** The codes of second factors: makes secrets and recovery codes, and says which code somebody shows. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly users: UserStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** The secret that a command makes, so that its repeat shows the same one. */
  secretOf(userId: string, commandId: string): Buffer {
    return this.derive(`totp:${userId}:${commandId}`).subarray(0, secretBytes);
  }

  /** The recovery codes that a command makes, 80 bits each, in groups that can be written down. */
  recoveryCodesOf(userId: string, commandId: string): string[] {
    return Array.from({ length: recoveryCodesCount }, (_, i) => {
      const code = base32(this.derive(`recovery:${userId}:${commandId}:${i}`).subarray(0, 10)).toLowerCase();
      return code.match(/.{4}/g)!.join('-');
    });
  }

  recoveryHashOf(userId: string, code: string): string {
    return this.derive(`recovery-hash:${userId}:${code.replaceAll('-', '').toLowerCase()}`).toString('hex');
  }

  /** Which code this is. Throws `totp.not-enrolled`, or `totp.code-wrong` for one that is none of the authenticator's. */
  async shown(userId: string, totp: Totp, code: string): Promise<Shown> {
    if (totp.secret === null) throw notEnrolled();
    if (isRecoveryCode(code)) return { recoveryHash: this.recoveryHashOf(userId, code) };
    const secret = await this.vault.open(totp.secret, aadOf.totpSecret(userId));
    if (secret === undefined) throw notEnrolled(); // the person is erased
    const step = matchingStep(Buffer.from(secret, 'base64'), code, Date.parse(this.clock.now()));
    if (step === undefined) throw codeWrong();
    return { step };
  }

  /** The session shows the code and may act as operator or admin for twelve hours. */
  async stepUp(userId: string, sessionId: string, code: string, context: CommandContext): Promise<Executed<User>> {
    const { state: user } = await this.users.load(userId);
    const shown = await this.shown(userId, user.totp, code);
    const at = this.clock.now();
    const use = { sessionId, useId: context.commandId, until: plusMs(at, stepUpLifeMs), at };
    const command =
      'step' in shown
        ? ({ type: 'UseTotp', ...shown, ...use } as const)
        : ({ type: 'UseRecoveryCode', codeHash: shown.recoveryHash, ...use } as const);
    return this.users.execute(userId, command, context);
  }

  private derive(label: string): Buffer {
    return createHmac('sha256', this.keys.secrets).update(label).digest();
  }
}

/** Recovery codes are long and have letters; the authenticator's are six digits. */
export const isRecoveryCode = (code: string): boolean => code.length > 10;

/** The id of the session in which somebody asks; `session.required` for everybody without one. */
export function currentSession({ caller }: Pick<RequestContext, 'caller'>): string {
  if (caller.sessionId !== undefined) return caller.sessionId;
  throw new HarkError('refused', 'session.required', 'only a session may ask this');
}
