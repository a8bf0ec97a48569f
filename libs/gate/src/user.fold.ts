import { Locale, Role, UserEvent } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** Somewhere a person can be reached (通道). Unverified ones carry nothing but a challenge. */
export interface Endpoint {
  readonly endpointId: string;
  readonly kind: string;
  /** The kind's own fields as JSON, sealed. */
  readonly address: string;
  readonly addressHash: string;
  readonly verified: boolean;
  /** When it was verified last. */
  readonly verifiedAt: IsoTime | null;
  /** Why it was switched off, until it is verified anew. */
  readonly disabled: { readonly reason: string; readonly at: IsoTime } | null;
  readonly addedAt: IsoTime;
  readonly challenge: {
    readonly code: string;
    readonly codeHash: string;
    readonly expiresAt: IsoTime;
    /** Wrong tries so far, by the command that made each. */
    readonly guesses: readonly string[];
    readonly sending: ChallengeSending;
  } | null;
}

/** How far a challenge's code has come on its way to the endpoint. */
export interface ChallengeSending {
  /** Tries that were answered, and did not succeed. */
  readonly tries: number;
  /** Tries since then that found no room at the hub. */
  readonly putOffs: number;
  /** How often it was put off. One that ever was is the clock's alone. */
  readonly deferrals: number;
  /** Until when it is put off; null while it is not. */
  readonly retryAt: IsoTime | null;
  /** Why it will not come; null while it may. */
  readonly failure: string | null;
}

const unsent: ChallengeSending = { tries: 0, putOffs: 0, deferrals: 0, retryAt: null, failure: null };

/** What `by` is in a grant that the setting of that name made. What the setting granted, the setting takes back. */
export const adminsSetting = 'HARK_ADMINS';

/** How many proven endpoints are remembered of one person. */
const provenMax = 100;

/** A role as one source gave it; a role that two gave is lost when both have taken it back. */
export interface Grant {
  readonly role: Role;
  /** By the setting `HARK_ADMINS`; else by an admin. */
  readonly bySetting: boolean;
}

/** A person (用户), as their stream tells it. */
export interface User {
  readonly registered: boolean;
  readonly provider: 'wechat' | 'email' | null;
  /** Sealed; the openid or address they log in with. */
  readonly subject: string | null;
  /** The roles of `grants`, each once. */
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  /** How often their roles changed: an access token that was made before the last change is out of date. */
  readonly rolesVersion: number;
  /** The language to write to them in; null while nobody knows, which is Chinese (`languageOf`). */
  readonly locale: Locale | null;
  /** Whether they chose it themselves; what is learnt from their client does not overrule that. */
  readonly localeChosen: boolean;
  readonly endpoints: readonly Endpoint[];
  /** Endpoints they once proved to receive through, also those they removed since; the latest, without repeats. */
  readonly proven: readonly string[];
  readonly blockedApps: readonly string[];
}

export const unknownUser: User = {
  registered: false,
  provider: null,
  subject: null,
  roles: [],
  grants: [],
  rolesVersion: 0,
  locale: null,
  localeChosen: false,
  endpoints: [],
  proven: [],
  blockedApps: [],
};

/** What a person becomes by one of their events. Never throws; an unknown type changes nothing. */
export function evolveUser(user: User, event: UserEvent): User {
  switch (event.type) {
    case 'user.registered':
      return { ...user, registered: true, provider: event.data.provider, subject: event.data.subject };
    case 'user.role-granted': {
      const grant = grantOf(event.data);
      return withGrants(user, [...user.grants.filter(unlike(grant)), grant]);
    }
    case 'user.role-revoked':
      return withGrants(user, user.grants.filter(unlike(grantOf(event.data))));
    case 'user.locale-set':
      return { ...user, locale: event.data.locale, localeChosen: !event.data.learnt };
    case 'user.endpoint-added': {
      const { at, ...endpoint } = event.data;
      const added: Endpoint = {
        ...endpoint,
        verified: false,
        verifiedAt: null,
        disabled: null,
        addedAt: at,
        challenge: null,
      };
      return { ...user, endpoints: [...user.endpoints.filter(others(event.data.endpointId)), added] };
    }
    case 'user.endpoint-challenged': {
      const { code, codeHash, expiresAt } = event.data;
      const challenge = { code, codeHash, expiresAt, guesses: [], sending: unsent };
      return changeEndpoint(user, event.data.endpointId, { challenge });
    }
    case 'user.endpoint-challenge-deferred': {
      const { number: deferrals, retryAt, reason } = event.data;
      return changeSending(user, event.data, ({ tries, putOffs }) => ({
        ...(reason === 'busy' ? { tries, putOffs: putOffs + 1 } : { tries: tries + 1, putOffs: 0 }),
        deferrals,
        retryAt,
        failure: null,
      }));
    }
    case 'user.endpoint-challenge-resumed':
      return changeSending(user, event.data, (sending) => ({ ...sending, retryAt: null }));
    case 'user.endpoint-challenge-failed': {
      const { reason: failure } = event.data;
      return changeSending(user, event.data, (sending) => ({ ...sending, retryAt: null, failure }));
    }
    case 'user.endpoint-disabled': {
      const { endpointId, reason, at } = event.data;
      return changeEndpoint(user, endpointId, { verified: false, disabled: { reason, at }, challenge: null });
    }
    case 'user.endpoint-guess-failed': {
      const endpoint = user.endpoints.find((one) => one.endpointId === event.data.endpointId);
      if (!endpoint?.challenge) return user;
      const guesses = [...endpoint.challenge.guesses, event.data.guessId];
      return changeEndpoint(user, endpoint.endpointId, { challenge: { ...endpoint.challenge, guesses } });
    }
    case 'user.endpoint-verified':
      return {
        ...changeEndpoint(user, event.data.endpointId, {
          verified: true,
          verifiedAt: event.data.at,
          disabled: null,
          challenge: null,
        }),
        proven: [...user.proven.filter((id) => id !== event.data.endpointId), event.data.endpointId].slice(-provenMax),
      };
    case 'user.endpoint-removed':
      return { ...user, endpoints: user.endpoints.filter(others(event.data.endpointId)) };
    case 'user.blocked-app':
      return {
        ...user,
        blockedApps: [...user.blockedApps.filter((id) => id !== event.data.appId), event.data.appId],
      };
    case 'user.unblocked-app':
      return { ...user, blockedApps: user.blockedApps.filter((id) => id !== event.data.appId) };
    default:
      event satisfies never;
      return user;
  }
}

/** Whether the person has the role from that source. */
export const hasGrant = ({ grants }: Pick<User, 'grants'>, { role, bySetting }: Grant): boolean =>
  grants.some((one) => one.role === role && one.bySetting === bySetting);

const grantOf = ({ role, by }: { readonly role: Role; readonly by: string }): Grant => ({
  role,
  bySetting: by === adminsSetting,
});

const unlike =
  ({ role, bySetting }: Grant) =>
  (one: Grant) =>
    one.role !== role || one.bySetting !== bySetting;

const withGrants = (user: User, grants: readonly Grant[]): User => ({
  ...user,
  grants,
  roles: [...new Set(grants.map(({ role }) => role))],
  rolesVersion: user.rolesVersion + 1,
});

/** The language of every text that Hark makes for the person. */
export const languageOf = ({ locale }: Pick<User, 'locale'>): Locale => locale ?? 'zh-CN';

const others = (endpointId: string) => (endpoint: Endpoint) => endpoint.endpointId !== endpointId;

/** Of the challenge with that code; a newer one's is not touched. */
function changeSending(
  user: User,
  { endpointId, codeHash }: { readonly endpointId: string; readonly codeHash: string },
  change: (sending: ChallengeSending) => ChallengeSending,
): User {
  const endpoint = user.endpoints.find((one) => one.endpointId === endpointId);
  if (endpoint?.challenge?.codeHash !== codeHash) return user;
  const challenge = { ...endpoint.challenge, sending: change(endpoint.challenge.sending) };
  return changeEndpoint(user, endpointId, { challenge });
}

const changeEndpoint = (user: User, endpointId: string, change: Partial<Endpoint>): User => ({
  ...user,
  endpoints: user.endpoints.map((endpoint) =>
    endpoint.endpointId === endpointId ? { ...endpoint, ...change } : endpoint,
  ),
});
