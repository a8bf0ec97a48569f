/** Who opened Hark to be bound, as WeChat and the caller say it. */
export interface Caller {
  /** WeChat's word: no program can claim another one's. */
  readonly appId: string;
  /** The caller's own claims. */
  readonly appName: string;
  readonly openid: string;
}

/** Opened by another mini program (WeChat docs: scene values). Only then is there a caller. */
const openedByProgram = 1037;
const appNameMax = 50;
const openidMax = 128;

/**
 * The caller of this start of the program; `undefined` when nobody called. `wrong` says in the developer's words what its
 * `extraData` lacks.
 */
export function callerOf({
  scene,
  referrerInfo,
}: Pick<WechatMiniprogram.LaunchOptionsApp, 'scene' | 'referrerInfo'>):
  { readonly caller: Caller; readonly wrong: string | undefined } | undefined {
  // WeChat leaves `referrerInfo` empty for all other scenes.
  const appId = referrerInfo?.appId;
  if (scene !== openedByProgram || !appId) return undefined;
  const { appName, openid } = (referrerInfo.extraData ?? {}) as {
    readonly appName?: unknown;
    readonly openid?: unknown;
  };
  const faults = [
    faultOf('appName', appName, appNameMax, 'the name of your mini program'),
    faultOf('openid', openid, openidMax, 'the openid that your user has in your mini program'),
  ].filter((fault) => fault !== undefined);
  return {
    caller: { appId, appName: textOf(appName), openid: textOf(openid) },
    wrong: faults.length === 0 ? undefined : faults.join('; '),
  };
}

function faultOf(name: string, value: unknown, max: number, what: string): string | undefined {
  if (value === undefined || value === '') return `extraData.${name} is missing: set it to ${what}`;
  if (typeof value !== 'string') return `extraData.${name} must be a string: ${what}`;
  return value.length > max ? `extraData.${name} is longer than ${max} characters: set it to ${what}` : undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Enough to know one's own account by, as the hub's consent page has it (apps/auth/src/domain/openid-hint.ts). */
export function hintOf(openid: string): string {
  const shown = openid.length >= 10 ? 2 : openid.length >= 5 ? 1 : 0;
  return shown === 0 ? '••••' : `${openid.slice(0, shown)}••••${openid.slice(-shown)}`;
}
