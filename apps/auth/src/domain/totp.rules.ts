import { UserEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Totp } from '@hark/gate';
import { HarkError, IsoTime } from '@hark/kernel';

/** How many recovery codes somebody gets. */
export const recoveryCodesCount = 10;

/** What a code is shown for: in which session, by which command, and until when that counts. */
interface Use {
  readonly sessionId: string;
  readonly useId: string;
  readonly until: IsoTime;
}

/** Commands about a person's second factor. The codes were checked against the secret: `step` is the one that matched. */
export type TotpCommand =
  | { readonly type: 'EnrolTotp'; readonly enrolmentId: string; readonly secret: string }
  | ({ readonly type: 'ConfirmTotp'; readonly step: number; readonly recoveryHashes: readonly string[] } & Use)
  | ({ readonly type: 'UseTotp'; readonly step: number } & Use)
  | ({ readonly type: 'UseRecoveryCode'; readonly codeHash: string } & Use)
  /** By the person themselves with a code, or by an admin. */
  | { readonly type: 'RemoveTotp'; readonly by: string; readonly step?: number; readonly recoveryHash?: string };

/** A code works once; a new secret replaces one that was never confirmed, and no other. */
export function decideTotp(command: TotpCommand & { readonly at: IsoTime }, totp: Totp): UserEvent[] {
  const { at } = command;
  switch (command.type) {
    case 'EnrolTotp': {
      const { enrolmentId, secret } = command;
      if (totp.enrolmentId === enrolmentId) return [];
      if (totp.is === 'active') throw new HarkError('conflict', 'totp.enrolled', 'there is a second factor already');
      return [{ type: 'user.totp-enrolled', data: { enrolmentId, secret, at } }];
    }
    case 'ConfirmTotp': {
      const { type: _, recoveryHashes, ...data } = command;
      if (isRepeat(totp, command)) return [];
      if (totp.is === 'active') throw new HarkError('conflict', 'totp.enrolled', 'it is confirmed already');
      if (totp.is === 'none') throw notEnrolled();
      return [{ type: 'user.totp-confirmed', data: { ...data, recoveryHashes: [...recoveryHashes] } }];
    }
    case 'UseTotp': {
      const { type: _, ...data } = command;
      if (isRepeat(totp, command)) return [];
      assertUnused(totp, command.step);
      return [{ type: 'user.totp-used', data }];
    }
    case 'UseRecoveryCode': {
      const { type: _, ...data } = command;
      if (isRepeat(totp, command)) return [];
      assertRecovery(totp, command.codeHash);
      return [{ type: 'user.recovery-code-used', data }];
    }
    case 'RemoveTotp': {
      const { by, step, recoveryHash } = command;
      if (totp.is === 'none') return [];
      if (step !== undefined) assertUnused(totp, step);
      if (recoveryHash !== undefined) assertRecovery(totp, recoveryHash);
      return [{ type: 'user.totp-removed', data: { by, at } }];
    }
  }
}

export const notEnrolled = () => new HarkError('conflict', 'totp.not-enrolled', 'there is no second factor');
/** Also for a recovery code that was used: it is none any more. */
export const codeWrong = () => new HarkError('refused', 'totp.code-wrong', 'that is no code of the second factor');

const isRepeat = (totp: Totp, { useId }: Use): boolean => totp.stepUps.some((one) => one.useId === useId);

function assertUnused(totp: Totp, step: number): void {
  if (totp.is !== 'active') throw notEnrolled();
  if (step <= totp.lastStep) throw new HarkError('refused', 'totp.code-used', 'a code works once');
}

function assertRecovery(totp: Totp, codeHash: string): void {
  if (totp.is !== 'active') throw notEnrolled();
  if (!totp.recoveryHashes.some((hash) => credentialMatches(codeHash, hash))) throw codeWrong();
}
