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
  readonly addedAt: IsoTime;
  readonly challenge: {
    readonly code: string;
    readonly codeHash: string;
    readonly expiresAt: IsoTime;
    /** Wrong tries so far, by the command that made each. */
    readonly guesses: readonly string[];
  } | null;
}

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
export interface Person {
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

export const unknownPerson: Person = {
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
export function evolvePerson(person: Person, event: UserEvent): Person {
  switch (event.type) {
    case 'user.registered':
      return { ...person, registered: true, provider: event.data.provider, subject: event.data.subject };
    case 'user.role-granted': {
      const grant = grantOf(event.data);
      return withGrants(person, [...person.grants.filter(unlike(grant)), grant]);
    }
    case 'user.role-revoked':
      return withGrants(person, person.grants.filter(unlike(grantOf(event.data))));
    case 'user.locale-set':
      return { ...person, locale: event.data.locale, localeChosen: !event.data.learnt };
    case 'user.endpoint-added': {
      const { at, ...endpoint } = event.data;
      const added: Endpoint = { ...endpoint, verified: false, addedAt: at, challenge: null };
      return { ...person, endpoints: [...person.endpoints.filter(others(event.data.endpointId)), added] };
    }
    case 'user.endpoint-challenged': {
      const { code, codeHash, expiresAt } = event.data;
      return changeEndpoint(person, event.data.endpointId, { challenge: { code, codeHash, expiresAt, guesses: [] } });
    }
    case 'user.endpoint-guess-failed': {
      const endpoint = person.endpoints.find((one) => one.endpointId === event.data.endpointId);
      if (!endpoint?.challenge) return person;
      const guesses = [...endpoint.challenge.guesses, event.data.guessId];
      return changeEndpoint(person, endpoint.endpointId, { challenge: { ...endpoint.challenge, guesses } });
    }
    case 'user.endpoint-verified':
      return {
        ...changeEndpoint(person, event.data.endpointId, { verified: true, challenge: null }),
        proven: [...person.proven.filter((id) => id !== event.data.endpointId), event.data.endpointId].slice(
          -provenMax,
        ),
      };
    case 'user.endpoint-removed':
      return { ...person, endpoints: person.endpoints.filter(others(event.data.endpointId)) };
    case 'user.blocked-app':
      return {
        ...person,
        blockedApps: [...person.blockedApps.filter((id) => id !== event.data.appId), event.data.appId],
      };
    case 'user.unblocked-app':
      return { ...person, blockedApps: person.blockedApps.filter((id) => id !== event.data.appId) };
    default:
      event satisfies never;
      return person;
  }
}

/** Whether the person has the role from that source. */
export const hasGrant = ({ grants }: Pick<Person, 'grants'>, { role, bySetting }: Grant): boolean =>
  grants.some((one) => one.role === role && one.bySetting === bySetting);

const grantOf = ({ role, by }: { readonly role: Role; readonly by: string }): Grant => ({
  role,
  bySetting: by === adminsSetting,
});

const unlike =
  ({ role, bySetting }: Grant) =>
  (one: Grant) =>
    one.role !== role || one.bySetting !== bySetting;

const withGrants = (person: Person, grants: readonly Grant[]): Person => ({
  ...person,
  grants,
  roles: [...new Set(grants.map(({ role }) => role))],
  rolesVersion: person.rolesVersion + 1,
});

/** The language of every text that Hark makes for the person. */
export const languageOf = ({ locale }: Pick<Person, 'locale'>): Locale => locale ?? 'zh-CN';

const others = (endpointId: string) => (endpoint: Endpoint) => endpoint.endpointId !== endpointId;

const changeEndpoint = (person: Person, endpointId: string, change: Partial<Endpoint>): Person => ({
  ...person,
  endpoints: person.endpoints.map((endpoint) =>
    endpoint.endpointId === endpointId ? { ...endpoint, ...change } : endpoint,
  ),
});
