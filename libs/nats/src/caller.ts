import { mailLinkPurposes, MailLinkRight } from '@hark/credentials';
import { isUuid, optional } from '@hark/kernel';

const kinds = ['anonymous', 'user', 'service', 'app', 'key', 'mail-link'] as const;

/**
 * `app` and `key` only say which prefix the bearer token had; the service itself checks the token, from
 * `data.credential`. `mail-link` is whoever has a link of a mail: no person who is logged in, but the one right in `link`.
 */
export type CallerKind = (typeof kinds)[number];

/** Who asks. The holder of the caller key vouches for it: the gateway for people and apps, services for themselves. */
export interface Caller {
  readonly kind: CallerKind;
  /** Present for `user`. */
  readonly userId?: string;
  /** `user`, `operator`, `admin`; empty for everyone but users. */
  readonly roles: readonly string[];
  readonly sessionId?: string;
  /** Present for `service`: its name. */
  readonly service?: string;
  /** The address that the client comes from, as it is counted: for IPv6 its /64. The gateway says it. */
  readonly source?: string;
  /**
   * For `anonymous`: whose session, perhaps over by now, the client shows. It proves an earlier log-in, not a present
   * one: it may spare the client a wait and nothing more.
   */
  readonly knownUserId?: string;
  /** Present for `mail-link`: the one act that it allows. */
  readonly link?: MailLinkRight;
}

/** The claims of a caller token: `sub` is the user's id or the service's name. */
export interface CallerClaims {
  kind: CallerKind;
  sub?: string;
  roles?: string[];
  sid?: string;
  src?: string;
  known?: string;
  link?: MailLinkRight;
}

/** The claims that stand for `caller`. */
export const claimsOf = (caller: Caller): CallerClaims => ({
  kind: caller.kind,
  ...optional('sub', caller.kind === 'service' ? caller.service : caller.userId),
  ...optional('sid', caller.sessionId),
  ...optional('src', caller.source),
  ...optional('known', caller.knownUserId),
  ...optional('link', caller.link),
  ...(caller.roles.length > 0 ? { roles: [...caller.roles] } : {}),
});

/** The caller that `claims` stand for, or undefined when they are not a caller's claims. */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller | undefined {
  const { kind, sub, sid, src, known, link } = claims;
  const roles = claims.roles ?? [];
  if (!isKind(kind) || !isOptionalText(sub) || !isOptionalText(sid)) return undefined;
  if (!isOptionalText(src) || !isOptionalText(known)) return undefined;
  if (!Array.isArray(roles) || !roles.every((role): role is string => typeof role === 'string')) return undefined;
  if ((kind === 'user' || kind === 'service') && sub === undefined) return undefined;
  if (kind === 'mail-link' && !isRight(link)) return undefined;
  return {
    kind,
    roles,
    ...(kind === 'user' ? optional('userId', sub) : {}),
    ...(kind === 'service' ? optional('service', sub) : {}),
    ...optional('sessionId', sid),
    ...optional('source', src),
    ...optional('knownUserId', known),
    ...(kind === 'mail-link' ? { link: link as MailLinkRight } : {}),
  };
}

const isKind = (value: unknown): value is CallerKind => kinds.some((kind) => kind === value);
const isRight = (value: unknown): value is MailLinkRight => {
  const { purpose, personId, bindingId, consentId, pushId } = (value ?? {}) as Record<string, unknown>;
  return mailLinkPurposes.some((one) => one === purpose) && [personId, bindingId, consentId, pushId].every(isUuid);
};
const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string';
