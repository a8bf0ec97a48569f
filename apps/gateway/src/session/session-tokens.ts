import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { HarkError, isUuid } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';

/** Whose session it is, as the access token says. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** How often the person's roles had changed when the token was made. */
  readonly rolesVersion: number;
  /** Whether operator and admin were taken out of `roles`, because the session has not shown a second factor. */
  readonly withheld?: true;
}

/** How many verified tokens are remembered; the one unused for longest goes first. */
const rememberedMax = 10_000;
/** Longer tokens are refused unread. */
const tokenLengthMax = 2_000;
/** The life of a session, in seconds. */
const sessionLifeS = 30 * 24 * 3_600;
/**
 * How far the issuer's clock may have been ahead of ours, which may have been set back since. `exp` bounds a token's
 * age; a false `iat` gains nothing, because only we can sign one.
 */
export const clockToleranceMs = 120_000;

/**
 * Checks access tokens: HS256 only, issuer and audience `hark`, type `at+jwt` (RFC 9068, RFC 8725), under our one key,
 * whatever key the token's header names. A verified token is remembered until it expires, so a busy client costs one
 * signature check in fifteen minutes.
 */
export class SessionTokens {
  private readonly remembered = new LRUCache<string, { session: Session; expiresAtMs: number }>(
    entriesAtMost(rememberedMax),
  );
  private readonly key;

  constructor(sessionKey: Uint8Array) {
    this.key = createSecretKey(sessionKey).toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  }

  /** The session, or `session.invalid` / `session.expired`. */
  async verify(token: string, nowMs: number = Date.now()): Promise<Session> {
    if (token.length > tokenLengthMax) throw invalid();
    const known = this.remembered.get(token);
    if (known && nowMs < known.expiresAtMs) return known.session;
    if (known) {
      this.remembered.delete(token);
      throw expired();
    }
    const { session, expiresAtMs } = await this.check(token, nowMs);
    this.remembered.set(token, { session, expiresAtMs });
    return session;
  }

  /** The person that a genuine token was made for, also when it has expired, for as long as a session lives. */
  async knownUser(token: string | undefined, nowMs: number = Date.now()): Promise<string | undefined> {
    if (token === undefined || token.length > tokenLengthMax) return undefined;
    const { session } = await this.check(token, nowMs, sessionLifeS).catch(() => ({ session: undefined }));
    return session?.userId;
  }

  private async check(
    token: string,
    nowMs: number,
    expiredForS = 0,
  ): Promise<{ session: Session; expiresAtMs: number }> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        issuer: 'hark',
        audience: 'hark',
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'iat', 'sid'],
        currentDate: new Date(nowMs),
        clockTolerance: expiredForS,
      });
      if (!isOurForm(token, protectedHeader, payload)) throw invalid();
      const { sub, sid, roles, rv = 0, exp, iat } = payload;
      if (!isUuid(sub) || !isUuid(sid) || iat! * 1_000 > nowMs + clockToleranceMs) throw invalid();
      return {
        session: {
          userId: sub,
          sessionId: sid,
          rolesVersion: typeof rv === 'number' && Number.isSafeInteger(rv) && rv >= 0 ? rv : 0,
          roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
        },
        expiresAtMs: exp! * 1_000,
      };
    } catch (error) {
      throw error instanceof errors.JWTExpired ? expired() : invalid();
    }
  }
}

/**
 * Whether the token is written as we write one. A claim that stands twice is read differently by different parsers (RFC 7519
 * 4), and `JSON.parse` hides it.
 */
function isOurForm(token: string, ...parts: readonly object[]): boolean {
  const written = token.split('.', parts.length).map((part) => Buffer.from(part, 'base64url').toString());
  return parts.every((part, index) => written[index] === JSON.stringify(part));
}

const invalid = () => new HarkError('refused', 'session.invalid', 'the access token is not valid');
const expired = () => new HarkError('refused', 'session.expired', 'the access token has expired');
