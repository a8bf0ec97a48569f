import { authSubjects, ConfirmTotpReply, EnrolTotpReply } from '@hark/contracts';
import { codeOf, stepOf } from '../domain/totp';
import { AuthWorld, Somebody } from './auth-world.fixture';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The setting under which chief, ann and ben are admins, who need a second factor. */
export const admins = { HARK_ADMINS: 'wechat:chief,wechat:ann,wechat:ben' };

/** What an authenticator with this secret shows, so many half minutes from now. */
export function codeFrom(auth: AuthWorld, secret: string, ahead = 0): string {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2));
  return codeOf(Buffer.from(bytes), stepOf(Date.parse(auth.now())) + ahead);
}

/** Sets up somebody's second factor; the code that it shows now is used up. */
export async function withSecondFactor(
  auth: AuthWorld,
  who: Somebody,
): Promise<{ secret: string; code: string; recoveryCodes: readonly string[] }> {
  const { secret } = (await who.ask<EnrolTotpReply>(authSubjects.enrolTotp)).body;
  const code = codeFrom(auth, secret);
  const { recoveryCodes } = (await who.ask<ConfirmTotpReply>(authSubjects.confirmTotp, { code })).body;
  return { secret, code, recoveryCodes };
}

/** Whether somebody's session may act as operator or admin. */
export const mayAct = async (auth: AuthWorld, who: Somebody): Promise<boolean> =>
  (await auth.checked(who.session)).secondFactor;
