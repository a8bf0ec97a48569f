import { Digest, Locale, QuietHours, Role, UserEvent } from '@hark/contracts';
import { Fold, IsoTime } from '@hark/kernel';
import { evolveTotp, noTotp, Totp } from './totp.fold';

/** A way to reach a person (通道). An unverified one carries nothing but challenges. */
export interface Endpoint {
  readonly endpointId: string;
  readonly kind: string;
  /** The kind's own fields as JSON, encrypted. */
  readonly address: string;
  readonly addressHash: string;
  readonly verified: boolean;
  /** When it was verified last. */
  readonly verifiedAt: IsoTime | null;
  /** Its server signed its answer when it was verified last, so one that does not sign is another's. */
  readonly signs?: true;
  /** Why it was switched off; cleared when it is verified anew. */
  readonly disabled: { readonly reason: string; readonly at: IsoTime } | null;
  readonly addedAt: IsoTime;
  /** What its person calls it, sealed. */
  readonly name: string | null;
  /** Its place among those that are tried one after the other; `null`: pushes always go to it. */
  readonly rank: number | null;
  /** Why the last message that did not arrive did not. */
  readonly trouble: { readonly reason: string; readonly at: IsoTime } | null;
  readonly challenge: {
    readonly code: string;
    readonly codeHash: string;
    readonly expiresAt: IsoTime;
    /** The wrong tries so far, by the command that made each. */
    readonly guesses: readonly string[];
    readonly sending: ChallengeSending;
  } | null;
}

/** How far a challenge's code has come on its way to the endpoint. */
export interface ChallengeSending {
  /** How many tries were answered without success. */
  readonly tries: number;
  /** How many tries since then found no room at the hub. */
  readonly putOffs: number;
  /** How many times it was put off. If ever, only the schedule takes it up again. */
  readonly deferrals: number;
  /** Until when it is put off; null while it is not. */
  readonly retryAt: IsoTime | null;
  /** Why the code will not arrive; null while it still may. */
  readonly failure: string | null;
}

const unsent: ChallengeSending = { tries: 0, putOffs: 0, deferrals: 0, retryAt: null, failure: null };

/** The `by` of a role that the setting of that name gave. Only the setting can take it back. */
export const adminsSetting = 'HARK_ADMINS';

/** How many proven endpoints are remembered for a person. */
const provenMax = 100;

/** A role as one source gave it. A role given by two sources is lost when both have taken it back. */
export interface Grant {
  readonly role: Role;
  /** True: by the setting `HARK_ADMINS`; false: by an admin. */
  readonly bySetting: boolean;
}

/** A person (用户), as their stream tells it. */
export interface User {
  readonly registered: boolean;
  readonly provider: 'wechat' | 'email' | null;
  /** Encrypted; the openid or address they log in with. */
  readonly subject: string | null;
  /** Keyed hashes of all that they log in by, the first one first. */
  readonly identities: readonly string[];
  /** The roles of `grants`, each once. */
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  /** How many times their roles changed: an access token made before the last change is out of date. */
  readonly rolesVersion: number;
  /** The language for texts to them; null while unknown, which means Chinese (`languageOf`). */
  readonly locale: Locale | null;
  /** Whether they chose it themselves; what their client says does not overrule that. */
  readonly localeChosen: boolean;
  /** Sealed: how they are called, and its keyed hash. */
  readonly displayName: string | null;
  readonly displayNameHash: string | null;
  /** By IANA's name; null while not chosen. */
  readonly timeZone: string | null;
  readonly quietHours: QuietHours;
  /** How often messages ring together; null: each by itself. */
  readonly digest: Digest | null;
  /** How many days their messages stay in the inbox; null: for good. */
  readonly retentionDays: number | null;
  readonly endpoints: readonly Endpoint[];
  /** The endpoints they once proved to receive through, removed ones too; the latest ones, without repeats. */
  readonly proven: readonly string[];
  readonly blockedApps: readonly string[];
  /** Their second factor. */
  readonly totp: Totp;
  /** They had their account erased: nothing is decided for them any more, and nothing of them is remembered. */
  readonly erased: boolean;
}

export const unknownUser: User = {
  registered: false,
  provider: null,
  subject: null,
  identities: [],
  roles: [],
  grants: [],
  rolesVersion: 0,
  locale: null,
  localeChosen: false,
  displayName: null,
  displayNameHash: null,
  timeZone: null,
  quietHours: [],
  digest: null,
  retentionDays: null,
  endpoints: [],
  proven: [],
  blockedApps: [],
  totp: noTotp,
  erased: false,
};

/** The person after one of their events. Never throws; an unknown type changes nothing. */
export function evolveUser(user: User, event: UserEvent): User {
  if (user.erased) return user;
  switch (event.type) {
    case 'user.registered':
      return {
        ...user,
        registered: true,
        provider: event.data.provider,
        subject: event.data.subject,
        identities: [event.data.subjectHash],
      };
    case 'user.identity-added':
      return { ...user, identities: [...user.identities, event.data.subjectHash] };
    case 'user.role-granted': {
      const grant = grantOf(event.data);
      return withGrants(user, [...user.grants.filter(unlike(grant)), grant]);
    }
    case 'user.role-revoked':
      return withGrants(user, user.grants.filter(unlike(grantOf(event.data))));
    case 'user.locale-set':
      return { ...user, locale: event.data.locale, localeChosen: !event.data.learnt };
    case 'user.display-name-set': {
      const { displayName, displayNameHash } = event.data;
      return { ...user, displayName, displayNameHash };
    }
    case 'user.time-zone-set':
      return { ...user, timeZone: event.data.timeZone };
    case 'user.quiet-hours-set':
      return { ...user, quietHours: event.data.quietHours };
    case 'user.digest-set':
      return { ...user, digest: event.data.digest };
    case 'user.retention-set':
      return { ...user, retentionDays: event.data.days };
    case 'user.endpoint-added': {
      const { at, ...endpoint } = event.data;
      const added: Endpoint = {
        ...endpoint,
        verified: false,
        verifiedAt: null,
        disabled: null,
        addedAt: at,
        name: null,
        rank: null,
        trouble: null,
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
    case 'user.endpoint-renamed':
      return changeEndpoint(user, event.data.endpointId, { name: event.data.name });
    case 'user.endpoint-ranked':
      return changeEndpoint(user, event.data.endpointId, { rank: event.data.rank });
    case 'user.endpoint-troubled': {
      const { endpointId, reason, at } = event.data;
      return changeEndpoint(user, endpointId, { trouble: { reason, at } });
    }
    case 'user.endpoint-guess-failed': {
      const endpoint = user.endpoints.find((one) => one.endpointId === event.data.endpointId);
      if (!endpoint?.challenge) return user;
      const guesses = [...endpoint.challenge.guesses, event.data.guessId];
      return changeEndpoint(user, endpoint.endpointId, { challenge: { ...endpoint.challenge, guesses } });
    }
    case 'user.endpoint-verified': {
      const { endpointId, by, at } = event.data;
      const proof = { verified: true, verifiedAt: at, disabled: null, challenge: null };
      return {
        ...user,
        endpoints: user.endpoints.map((one) => {
          if (one.endpointId !== endpointId) return one;
          // Whoever enters a code has a server that does not sign.
          const { signs, ...endpoint } = one;
          const stillSigns = by === 'answer' || (by !== undefined && signs);
          return { ...endpoint, ...proof, ...(stillSigns && { signs: true as const }) };
        }),
        proven: [...user.proven.filter((id) => id !== endpointId), endpointId].slice(-provenMax),
      };
    }
    case 'user.endpoint-removed':
      return { ...user, endpoints: user.endpoints.filter(others(event.data.endpointId)) };
    case 'user.blocked-app':
      return {
        ...user,
        blockedApps: [...user.blockedApps.filter((id) => id !== event.data.appId), event.data.appId],
      };
    case 'user.unblocked-app':
      return { ...user, blockedApps: user.blockedApps.filter((id) => id !== event.data.appId) };
    case 'user.totp-enrolled':
    case 'user.totp-confirmed':
    case 'user.totp-used':
    case 'user.recovery-code-used':
    case 'user.totp-removed':
      return { ...user, totp: evolveTotp(user.totp, event) };
    case 'user.erased':
      return { ...unknownUser, registered: true, rolesVersion: user.rolesVersion + 1, erased: true };
    default:
      event satisfies never;
      return user;
  }
}

/** Whether they had their account erased: whoever logs in by the same is another user. */
export const isErased = (user: Pick<User, 'erased'>): boolean => user.erased;

export const userFold: Fold<User, UserEvent> = { initial: unknownUser, evolve: evolveUser };

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

/** The language of every text that Hark writes to the person. */
export const languageOf = ({ locale }: Pick<User, 'locale'>): Locale => locale ?? 'zh-CN';

const others = (endpointId: string) => (endpoint: Endpoint) => endpoint.endpointId !== endpointId;

/** Changes the challenge with that code only, never a newer one. */
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
