import { createSecretKey } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { Caller, CallerClaims, callerOf, claimsOf } from './caller';

const tokenLifeMs = 30_000;
/** How long a signed token is reused. The rest of its life must always cover a request. */
const signedReuseMs = 5_000;
/** How far the clocks of two machines may differ. */
const clockToleranceMs = 2_000;
const tokenCharsMax = 4_096;
const signedMax = 2_048;
const verifiedMax = 4_096;

interface Verified {
  readonly caller: Caller;
  readonly audience: string;
  readonly validUntilMs: number;
}

/**
 * Signs and verifies the caller of a request: a JWT (HS256), valid for 30 s and exactly one subject.
 *
 * Both sides remember a bounded number of recent tokens, because a signature costs about 50 µs and the same caller asks
 * again within seconds. Expiry and audience are still checked on every use.
 */
export class CallerTokens {
  private readonly key;
  private readonly signed = new LRUCache<string, { token: Promise<string>; reuseUntilMs: number }>(
    entriesAtMost(signedMax),
  );
  private readonly verified = new LRUCache<string, Verified>(entriesAtMost(verifiedMax));

  /** `callerKey` is at least 32 bytes of key material, the same in every process. */
  constructor(callerKey: Buffer) {
    this.key = createSecretKey(callerKey).toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  }

  /** A token that lets `caller` ask `subject`. Valid for at least 25 s from now. */
  sign(caller: Caller, subject: string): Promise<string> {
    const claims = claimsOf(caller);
    const cacheKey = JSON.stringify([subject, claims]);
    const nowMs = Date.now();
    const known = this.signed.get(cacheKey);
    if (known && known.reuseUntilMs > nowMs) return known.token;
    const token = this.signNew(claims, subject, nowMs);
    this.signed.set(cacheKey, { token, reuseUntilMs: nowMs + signedReuseMs });
    return token;
  }

  /**
   * The caller that the token names for `subject`. Throws `refused` `caller.unsigned` for everything but a valid token.
   */
  verify(token: string | undefined, subject: string): Caller | Promise<Caller> {
    if (!token || token.length > tokenCharsMax) throw unsigned();
    const known = this.verified.get(token);
    if (!known) return this.verifyNew(token, subject);
    if (known.audience !== subject || known.validUntilMs < Date.now()) throw unsigned();
    return known.caller;
  }

  private signNew(claims: CallerClaims, subject: string, nowMs: number): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(subject)
      .setExpirationTime(Math.ceil((nowMs + tokenLifeMs) / 1_000))
      .sign(this.key);
  }

  private async verifyNew(token: string, subject: string): Promise<Caller> {
    const { payload } = await jwtVerify(token, this.key, {
      algorithms: ['HS256'],
      audience: subject,
      requiredClaims: ['exp', 'aud'],
      clockTolerance: clockToleranceMs / 1_000,
    }).catch((cause: unknown) => {
      throw unsigned(cause);
    });
    const caller = callerOf(payload);
    if (!caller || payload.aud !== subject) throw unsigned();
    this.verified.set(token, { caller, audience: subject, validUntilMs: payload.exp! * 1_000 + clockToleranceMs });
    return caller;
  }
}

const unsigned = (cause?: unknown) =>
  new HarkError('refused', 'caller.unsigned', 'the request carries no valid caller token', {}, { cause });
