import { chosenLanguage } from '../texts/language';
import { Problem } from './problem';
import { exchange } from './transport';

import type { components } from '#openapi';

type Opened = components['schemas']['Session'];
interface Held {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAtMs: number;
}

const stored = 'hark.session';
/** A token is refreshed so long before it ends. */
const earlyMs = 30_000;

let held: Held | undefined;
let reading: Promise<void> | undefined;
let renewing: Promise<Held> | undefined;

/**
 * The access token, another one than `spent`. Of all calls that find the session ended one asks for the next: by the refresh
 * token, and only when the hub says that this has ended, by one `wx.login`. Nobody is asked for anything: logging in takes
 * no profile. Throws `Problem` or `Unreachable`; during an outage what is held is kept.
 */
export async function accessToken(spent?: string): Promise<string> {
  await (reading ??= read());
  if (held && held.accessToken !== spent && Date.now() < held.expiresAtMs - earlyMs) return held.accessToken;
  renewing ??= renewed().finally(() => (renewing = undefined));
  return (await renewing).accessToken;
}

/** Logs in by `wx.login` though a session is held: WeChat's own session key is new then. */
export async function logInAnew(): Promise<void> {
  renewing ??= logIn().finally(() => (renewing = undefined));
  await renewing;
}

async function renewed(): Promise<Held> {
  if (!held) return logIn();
  const answer = await exchange('POST', '/v1/sessions/refresh', language(), { refreshToken: held.refreshToken });
  if (answer.status === 200) return keep(answer.data as Opened);
  if (answer.status !== 401) throw new Problem(answer);
  return logIn();
}

async function logIn(): Promise<Held> {
  const { code } = await wx.login();
  const answer = await exchange('POST', '/v1/sessions', language(), { provider: 'wechat', code });
  if (answer.status !== 201) throw new Problem(answer);
  return keep(answer.data as Opened);
}

function keep({ accessToken: token, refreshToken, expiresIn }: Opened): Held {
  held = { accessToken: token, refreshToken, expiresAtMs: Date.now() + expiresIn * 1_000 };
  // Encrypted by WeChat with a key of this program and person (WeChat docs: wx.setStorage). Unwritten, the next start logs in.
  wx.setStorage({ key: stored, data: JSON.stringify(held), encrypt: true });
  return held;
}

const read = (): Promise<void> =>
  new Promise((resolve) => {
    wx.getStorage<string>({
      key: stored,
      encrypt: true,
      success: ({ data }) => (held = JSON.parse(data) as Held),
      complete: () => resolve(),
    });
  });

const language = () => ({ 'accept-language': chosenLanguage() });
