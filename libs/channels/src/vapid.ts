import { createECDH, createPrivateKey, hkdfSync, KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { entriesAtMost } from '@hark/resilience';

/** The order of P-256 (FIPS 186-5, SP 800-186 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Half as many bits again as the key has, so that the remainder favours no key (FIPS 186-5 A.2.1). */
const seedBytes = 48;
/** A push service refuses a token that lives longer than 24 hours (RFC 8292 section 2). */
const lifeMs = 12 * 3_600_000;
/** A token is used again until half its life is over. */
const usedForMs = lifeMs / 2;
/** Far more than there are push services. */
const originsMax = 1_000;

/**
 * Says to a browser's push service who sends: Voluntary Application Server Identification, RFC 8292. The key is derived, so
 * that every process signs with the same one for as long as the master key stays: a subscription is good for one key only.
 */
export class Vapid {
  /** The public key as browsers take it to subscribe: an uncompressed point in base64url. */
  readonly publicKey: string;
  private readonly privateKey: KeyObject;
  private readonly tokens = new LRUCache<string, { readonly token: string; readonly untilMs: number }>(
    entriesAtMost(originsMax),
  );

  /** `contact`: a `mailto:` or `https:` address of the hub's operator. */
  constructor(
    secret: Uint8Array,
    private readonly contact: string,
  ) {
    const seed = Buffer.from(hkdfSync('sha256', secret, '', 'hark/vapid/1', seedBytes)).toString('hex');
    const number = (BigInt(`0x${seed}`) % (order - 1n)) + 1n;
    const d = Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(d);
    const point = pair.getPublicKey();
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
    this.privateKey = createPrivateKey({
      format: 'jwk',
      key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x, y },
    });
    this.publicKey = point.toString('base64url');
  }

  /** The `authorization` of a message to the push service at `origin`. */
  async authorization(origin: string, nowMs: number): Promise<string> {
    const known = this.tokens.get(origin);
    const isFresh = known !== undefined && known.untilMs > nowMs && known.untilMs <= nowMs + usedForMs;
    const token = isFresh ? known.token : await this.sign(origin, nowMs);
    return `vapid t=${token}, k=${this.publicKey}`;
  }

  private async sign(origin: string, nowMs: number): Promise<string> {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setAudience(origin)
      .setExpirationTime(Math.floor((nowMs + lifeMs) / 1_000))
      .setSubject(this.contact)
      .sign(this.privateKey);
    this.tokens.set(origin, { token, untilMs: nowMs + usedForMs });
    return token;
  }
}
