import { UserEvent } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** The events that change a second factor. */
export type TotpEvent = Extract<UserEvent, { type: `user.totp-${string}` | 'user.recovery-code-used' }>;

/** A session that showed the second factor: it may do what operators and admins may until then. */
export interface StepUp {
  readonly sessionId: string;
  readonly until: IsoTime;
  /** The command that showed it. */
  readonly useId: string;
}

/** A person's second factor (两步验证): codes by time (TOTP, RFC 6238), and recovery codes for when the device is lost. */
export interface Totp {
  /** `pending`: the secret was handed out, and no code of it has been shown yet. */
  readonly is: 'none' | 'pending' | 'active';
  readonly enrolmentId: string | null;
  /** Encrypted. */
  readonly secret: string | null;
  /** When it became what it is. */
  readonly since: IsoTime | null;
  /** The step of the latest code that was taken: no code of it or of an earlier one is taken again. */
  readonly lastStep: number;
  /** Keyed hashes of the recovery codes that are left. */
  readonly recoveryHashes: readonly string[];
  /** The latest ones, ended ones too. */
  readonly stepUps: readonly StepUp[];
}

export const noTotp: Totp = {
  is: 'none',
  enrolmentId: null,
  secret: null,
  since: null,
  lastStep: -1,
  recoveryHashes: [],
  stepUps: [],
};

/** How many sessions that showed it are remembered; one forgotten shows it again. */
const stepUpsMax = 50;

/** The second factor after one of its events. */
export function evolveTotp(totp: Totp, event: TotpEvent): Totp {
  switch (event.type) {
    case 'user.totp-enrolled': {
      const { enrolmentId, secret, at } = event.data;
      return { ...noTotp, is: 'pending', enrolmentId, secret, since: at };
    }
    case 'user.totp-confirmed': {
      const { recoveryHashes, step, at } = event.data;
      return steppedUp({ ...totp, is: 'active', since: at, lastStep: step, recoveryHashes }, event.data);
    }
    case 'user.totp-used':
      return steppedUp({ ...totp, lastStep: event.data.step }, event.data);
    case 'user.recovery-code-used': {
      const { codeHash } = event.data;
      const recoveryHashes = totp.recoveryHashes.filter((hash) => hash !== codeHash);
      return steppedUp({ ...totp, recoveryHashes }, event.data);
    }
    case 'user.totp-removed':
      return noTotp;
    default:
      event satisfies never;
      return totp;
  }
}

/** Whether the session has shown the second factor, and not too long ago. Nothing from before it was removed counts. */
export const isSteppedUp = ({ stepUps }: Totp, sessionId: string, now: IsoTime): boolean =>
  stepUps.some((one) => one.sessionId === sessionId && now < one.until);

const steppedUp = (totp: Totp, { sessionId, until, useId }: StepUp): Totp => ({
  ...totp,
  stepUps: [...totp.stepUps.filter((one) => one.sessionId !== sessionId), { sessionId, until, useId }].slice(
    -stepUpsMax,
  ),
});
