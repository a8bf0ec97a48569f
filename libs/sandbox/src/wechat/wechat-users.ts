import { createHmac, randomBytes } from 'node:crypto';
import type { MovingClock } from '../control/moving-clock';
import type { StateFile } from '../control/state-file';
import { WeChatRefusal } from './wechat-reply';

/** Codes and users remembered at most; the oldest are forgotten first. */
export const codesMax = 10_000;
export const usersMax = 200_000;

const codeLifetimeMs = 300_000;
/** How long after a visit a user's openid may be used to check texts (WeChat docs: msgSecCheck, 61010). */
export const visitCountsMs = 7_200_000;

export interface Identity {
  readonly openid: string;
  readonly unionid?: string | undefined;
}

export interface WeChatUser extends Identity {
  sessionKey: string;
  visitedAtMs: number;
}

interface Code extends Identity {
  /** The mini program it was given to; absent: the hub's own. */
  readonly appId: string | undefined;
  readonly sessionKey: string | undefined;
  readonly mintedAtMs: number;
  used: boolean;
}

/** Who exists for this mini program, when they last opened it, and the codes that wx.login gave them. */
export class WeChatUsers {
  private readonly users = new Map<string, WeChatUser>();
  private readonly codes = new Map<string, Code>();

  constructor(
    private readonly clock: MovingClock,
    private readonly file: StateFile,
  ) {}

  /** The code that wx.login gives a mini program, the hub's own unless said: valid 5 minutes, once (WeChat docs: code2Session). */
  mint(identity: Identity, sessionKey?: string, appId?: string): string {
    const code = randomBytes(16).toString('hex');
    putBounded(
      this.codes,
      code,
      { ...identity, appId, sessionKey, mintedAtMs: this.clock.nowMs(), used: false },
      codesMax,
    );
    return code;
  }

  /**
   * Spends a code of the program. Of the hub's own it is a visit, and it replaces the user's session key; an openid of another
   * program means nothing here. Throws 40029 or 40163.
   */
  exchange(code: string, appId?: string): WeChatUser {
    const minted = this.codes.get(code);
    if (!minted || minted.appId !== appId || this.clock.nowMs() - minted.mintedAtMs > codeLifetimeMs) {
      throw new WeChatRefusal(40029, 'invalid code,');
    }
    if (minted.used) throw new WeChatRefusal(40163, 'code been used,');
    minted.used = true;
    const { openid, unionid } = minted;
    const sessionKey = minted.sessionKey ?? newSessionKey();
    const user: WeChatUser = { openid, unionid, sessionKey, visitedAtMs: this.clock.nowMs() };
    if (appId !== undefined) return user;
    this.restore(user);
    this.save(user);
    return user;
  }

  /** The user, or 40003: an openid of another mini program is as invalid as an invented one. */
  get(openid: unknown): WeChatUser {
    const user = typeof openid === 'string' ? this.users.get(openid) : undefined;
    if (!user) throw new WeChatRefusal(40003, 'invalid openid');
    return user;
  }

  /** Throws 61010 unless the user opened the mini program within the last two hours. */
  requireRecentVisit(user: WeChatUser): void {
    if (this.clock.nowMs() - user.visitedAtMs > visitCountsMs) throw new WeChatRefusal(61010, 'code is expired');
  }

  /** Throws 87009 unless `signature` is the HMAC of nothing under the session key in force. */
  requireSignature(user: WeChatUser, signature: string | null): void {
    const expected = createHmac('sha256', user.sessionKey).update('').digest('hex');
    if (signature !== expected) throw new WeChatRefusal(87009, 'invalid signature');
  }

  find(openid: string): WeChatUser | undefined {
    return this.users.get(openid);
  }

  /** Gives the user a new session key; the old one is dead at once. */
  renewKey(user: WeChatUser): string {
    user.sessionKey = newSessionKey();
    this.save(user);
    return user.sessionKey;
  }

  values(): Iterable<WeChatUser> {
    return this.users.values();
  }

  /** Brings back a remembered user without writing it again. */
  restore(user: WeChatUser): void {
    putBounded(this.users, user.openid, user, usersMax);
  }

  reset(): void {
    this.users.clear();
    this.codes.clear();
  }

  private save(user: WeChatUser): void {
    this.file.append({ kind: 'user', ...user });
  }
}

const newSessionKey = (): string => randomBytes(16).toString('base64');

function putBounded<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) for (const oldest of map.keys()) return void map.delete(oldest);
}
