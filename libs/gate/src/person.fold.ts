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

/** A person (用户), as their stream tells it. */
export interface Person {
  readonly registered: boolean;
  readonly provider: 'wechat' | 'email' | null;
  /** Sealed; the openid or address they log in with. */
  readonly subject: string | null;
  readonly roles: readonly Role[];
  /** The language to write to them in; null while nobody knows, which is Chinese (`languageOf`). */
  readonly locale: Locale | null;
  /** Whether they chose it themselves; what is learnt from their client does not overrule that. */
  readonly localeChosen: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly blockedApps: readonly string[];
}

export const unknownPerson: Person = {
  registered: false,
  provider: null,
  subject: null,
  roles: [],
  locale: null,
  localeChosen: false,
  endpoints: [],
  blockedApps: [],
};

/** What a person becomes by one of their events. Never throws; an unknown type changes nothing. */
export function evolvePerson(person: Person, event: UserEvent): Person {
  switch (event.type) {
    case 'user.registered':
      return { ...person, registered: true, provider: event.data.provider, subject: event.data.subject };
    case 'user.role-granted':
      return { ...person, roles: [...person.roles.filter((role) => role !== event.data.role), event.data.role] };
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
      return changeEndpoint(person, event.data.endpointId, { verified: true, challenge: null });
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

/** The language of every text that Hark makes for the person. */
export const languageOf = ({ locale }: Pick<Person, 'locale'>): Locale => locale ?? 'zh-CN';

const others = (endpointId: string) => (endpoint: Endpoint) => endpoint.endpointId !== endpointId;

const changeEndpoint = (person: Person, endpointId: string, change: Partial<Endpoint>): Person => ({
  ...person,
  endpoints: person.endpoints.map((endpoint) =>
    endpoint.endpointId === endpointId ? { ...endpoint, ...change } : endpoint,
  ),
});
