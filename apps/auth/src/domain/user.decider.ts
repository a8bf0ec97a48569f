import { Digest, Locale, QuietHours, Role, UserEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { adminsSetting, Endpoint, hasGrant, sameDigest, User, userFold } from '@hark/gate';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';
import { ChallengeCommand, decideChallenge } from './challenge.rules';
import { decideTotp, TotpCommand } from './totp.rules';

/** The most endpoints one person may have. */
export const endpointsMax = 20;
/** After this many wrong codes a challenge is spent. */
export const guessesMax = 5;
/** The most identities one person may have: an openid for each mini program and a few unionids. */
export const identitiesMax = 50;
/** How long a code is valid, in milliseconds. */
export const challengeLifeMs = 15 * 60_000;

export type UserCommand = { readonly at: IsoTime } & (
  | {
      readonly type: 'Register';
      readonly provider: 'wechat' | 'email';
      /** Encrypted: the openid or address they log in with. */
      readonly subject: string;
      readonly subjectHash: string;
    }
  | {
      readonly type: 'AddIdentity';
      readonly provider: 'wechat' | 'wechat-union';
      /** Sealed. */
      readonly subject: string;
      readonly subjectHash: string;
    }
  /** `by` is `adminsSetting` or the actor who asks. Each can take back only what its own kind gave. */
  | { readonly type: 'GrantRole' | 'RevokeRole'; readonly role: Role; readonly by: string }
  /** What the person chose about themselves; what is absent stays. */
  | {
      readonly type: 'ChangeMe';
      /** Sealed, with its keyed hash; both null to be called by no name. */
      readonly displayName?: { readonly displayName: string | null; readonly displayNameHash: string | null };
      readonly locale?: Locale;
      readonly timeZone?: string;
      readonly quietHours?: QuietHours;
      readonly digest?: Digest | null;
      readonly retentionDays?: number | null;
    }
  /** `learnt`: from the client's Accept-Language, which never overrules the person's own choice. */
  | { readonly type: 'SetLocale'; readonly locale: Locale; readonly learnt?: true }
  /** Also asks for a new code when the endpoint exists but is not verified. */
  | {
      readonly type: 'AddEndpoint';
      readonly endpointId: string;
      readonly kind: string;
      /** Sealed. */
      readonly address: string;
      readonly addressHash: string;
      /** Encrypted; derived from the command, so a repeat carries the same one. */
      readonly code: string;
      readonly codeHash: string;
    }
  /** A wrong code is recorded, not thrown, else it could be guessed for ever: look at the state afterwards. */
  | {
      readonly type: 'VerifyEndpoint';
      readonly endpointId: string;
      readonly codeHash: string;
      /** The command's id: a repeated wrong try counts once. */
      readonly guessId: string;
    }
  | { readonly type: 'RemoveEndpoint'; readonly endpointId: string }
  /** `name` is sealed; `null` takes it away. */
  | { readonly type: 'RenameEndpoint'; readonly endpointId: string; readonly name: string | null }
  /** These are tried one after the other, in this order; all others always get every push. */
  | { readonly type: 'OrderEndpoints'; readonly endpointIds: readonly string[] }
  | { readonly type: 'BlockApp' | 'UnblockApp'; readonly appId: string }
  /** For good. What is of them is no longer known from here on. */
  | { readonly type: 'Erase' }
  | ChallengeCommand
  | TotpCommand
);

/** The rules of a person: an endpoint carries nothing but challenges until somebody proved to receive through it. */
export const userDecider: Decider<User, UserCommand, UserEvent> = {
  ...userFold,

  decide(command, user) {
    if (command.type !== 'Register' && !user.registered) throw unregistered();
    if (user.erased) return decideForErased(command);
    const { at } = command;
    switch (command.type) {
      case 'Register': {
        const { type: _, ...data } = command;
        return user.registered ? [] : [{ type: 'user.registered', data }];
      }
      case 'AddIdentity': {
        const { type: _, ...data } = command;
        const known = user.identities.includes(data.subjectHash) || user.identities.length >= identitiesMax;
        return known ? [] : [{ type: 'user.identity-added', data }];
      }
      case 'GrantRole': {
        const { role, by } = command;
        const known = hasGrant(user, { role, bySetting: by === adminsSetting });
        return known ? [] : [{ type: 'user.role-granted', data: { role, by, at } }];
      }
      case 'RevokeRole': {
        const { role, by } = command;
        const bySetting = by === adminsSetting;
        if (hasGrant(user, { role, bySetting })) return [{ type: 'user.role-revoked', data: { role, by, at } }];
        if (!bySetting && user.roles.includes(role)) throw setByConfiguration();
        return [];
      }
      case 'ChangeMe': {
        const { displayName, locale: chosen, timeZone, quietHours, digest, retentionDays: days } = command;
        const events: UserEvent[] =
          chosen === undefined ? [] : userDecider.decide({ type: 'SetLocale', locale: chosen, at }, user);
        if (displayName && displayName.displayNameHash !== user.displayNameHash) {
          events.push({ type: 'user.display-name-set', data: { ...displayName, at } });
        }
        if (timeZone !== undefined && timeZone !== user.timeZone) {
          events.push({ type: 'user.time-zone-set', data: { timeZone, at } });
        }
        if (quietHours && JSON.stringify(quietHours) !== JSON.stringify(user.quietHours)) {
          events.push({ type: 'user.quiet-hours-set', data: { quietHours, at } });
        }
        if (digest !== undefined && !sameDigest(digest, user.digest)) {
          events.push({ type: 'user.digest-set', data: { digest, at } });
        }
        if (days !== undefined && days !== user.retentionDays) {
          events.push({ type: 'user.retention-set', data: { days, at } });
        }
        return events;
      }
      case 'SetLocale': {
        const { locale, learnt } = command;
        if (learnt ? user.localeChosen || user.locale === locale : user.localeChosen && user.locale === locale) {
          return [];
        }
        return [{ type: 'user.locale-set', data: { locale, ...(learnt && { learnt }), at } }];
      }
      case 'AddEndpoint':
        return addEndpoint(command, user);
      case 'VerifyEndpoint':
        return verifyEndpoint(command, endpointOf(user, command.endpointId));
      case 'RemoveEndpoint': {
        const { endpointId } = command;
        return endpointOf(user, endpointId) ? [{ type: 'user.endpoint-removed', data: { endpointId, at } }] : [];
      }
      case 'RenameEndpoint': {
        const { endpointId, name } = command;
        const endpoint = endpointOf(user, endpointId);
        if (!endpoint) throw unknownEndpoint();
        return endpoint.name === name ? [] : [{ type: 'user.endpoint-renamed', data: { endpointId, name, at } }];
      }
      case 'OrderEndpoints':
        return orderEndpoints(command.endpointIds, user, at);
      case 'DeferChallenge':
      case 'ResumeChallenge':
      case 'FailChallenge':
      case 'DisableEndpoint':
      case 'ChallengeAgain':
      case 'TakeAnswer':
      case 'NoteProof':
      case 'NoteTrouble':
        return decideChallenge(command, endpointOf(user, command.endpointId));
      case 'EnrolTotp':
      case 'ConfirmTotp':
      case 'UseTotp':
      case 'UseRecoveryCode':
      case 'RemoveTotp':
        return decideTotp(command, user.totp);
      case 'BlockApp': {
        const { appId } = command;
        return user.blockedApps.includes(appId) ? [] : [{ type: 'user.blocked-app', data: { appId, at } }];
      }
      case 'UnblockApp': {
        const { appId } = command;
        return user.blockedApps.includes(appId) ? [{ type: 'user.unblocked-app', data: { appId, at } }] : [];
      }
      case 'Erase':
        // The endpoints are removed by events of their own for the tables that know each endpoint by itself.
        return [
          { type: 'user.erased', data: { at } },
          ...user.endpoints.map(({ endpointId }): UserEvent => ({
            type: 'user.endpoint-removed',
            data: { endpointId, at },
          })),
        ];
    }
  },
};

/** A repeat changes nothing, nor do the hub's own commands, which were under way; everything else is refused. */
function decideForErased(command: UserCommand): UserEvent[] {
  switch (command.type) {
    case 'Erase':
    case 'DeferChallenge':
    case 'ResumeChallenge':
    case 'FailChallenge':
    case 'DisableEndpoint':
    case 'ChallengeAgain':
    case 'TakeAnswer':
    case 'NoteProof':
      return [];
    default:
      throw unregistered();
  }
}

/** The person's endpoint, if they have it. */
export const endpointOf = (user: User, endpointId: string): Endpoint | undefined =>
  user.endpoints.find((endpoint) => endpoint.endpointId === endpointId);

/** The answer for another person's endpoint and for an unknown one is the same. */
export const unknownEndpoint = () => new HarkError('not-found', 'endpoint.unknown', 'the person has no such endpoint');

function addEndpoint(command: Extract<UserCommand, { type: 'AddEndpoint' }>, user: User): UserEvent[] {
  const { endpointId, kind, address, addressHash, code, codeHash, at } = command;
  const known = endpointOf(user, endpointId);
  if (known?.verified || known?.challenge?.codeHash === codeHash) return [];
  if (!known && user.endpoints.length >= endpointsMax) throw tooMany();
  const expiresAt = plusMs(at, challengeLifeMs);
  const added: UserEvent = { type: 'user.endpoint-added', data: { endpointId, kind, address, addressHash, at } };
  const challenged: UserEvent = {
    type: 'user.endpoint-challenged',
    data: { endpointId, code, codeHash, expiresAt, at },
  };
  return known ? [challenged] : [added, challenged];
}

function orderEndpoints(endpointIds: readonly string[], user: User, at: IsoTime): UserEvent[] {
  if (!endpointIds.every((endpointId) => endpointOf(user, endpointId))) throw unknownEndpoint();
  return user.endpoints.flatMap(({ endpointId, rank: before }): UserEvent[] => {
    const rank = endpointIds.indexOf(endpointId) + 1 || null;
    return rank === before ? [] : [{ type: 'user.endpoint-ranked', data: { endpointId, rank, at } }];
  });
}

function verifyEndpoint(
  { endpointId, codeHash, guessId, at }: Extract<UserCommand, { type: 'VerifyEndpoint' }>,
  endpoint: Endpoint | undefined,
): UserEvent[] {
  if (!endpoint) throw unknownEndpoint();
  if (endpoint.verified) return [];
  const { challenge } = endpoint;
  if (challenge?.guesses.includes(guessId)) return [];
  if (!challenge || at >= challenge.expiresAt || challenge.guesses.length >= guessesMax) throw codeExpired();
  return credentialMatches(codeHash, challenge.codeHash)
    ? [{ type: 'user.endpoint-verified', data: { endpointId, at } }]
    : [{ type: 'user.endpoint-guess-failed', data: { endpointId, guessId, at } }];
}

const setByConfiguration = () =>
  new HarkError('conflict', 'role.set-by-configuration', 'the setting HARK_ADMINS grants the role');
const unregistered = () => new HarkError('refused', 'session.invalid', 'nobody is registered under this id');
const tooMany = () =>
  new HarkError('refused', 'endpoint.too-many', 'the person has as many endpoints as one may have', {
    extra: { max: endpointsMax },
  });
const codeExpired = () =>
  new HarkError('refused', 'endpoint.code-expired', 'the challenge is over; add the endpoint again for a new one');
