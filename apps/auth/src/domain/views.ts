import {
  AppBindingView,
  AppCardView,
  AppPublicView,
  AppView,
  BindingView,
  EndpointView,
  Locale,
  MeView,
  RolesView,
  troubleText,
} from '@hark/contracts';
import { App, AppFacts, Binding, isMuted, publicNameOf, User } from '@hark/gate';
import { HarkError, IsoTime } from '@hark/kernel';

export type KnownApp = Extract<App, { is: 'registered' }>;
export type KnownBinding = Exclude<Binding, { is: 'absent' }>;

/** The app, or `not-found` `app.unknown`. */
export function knownApp(app: App): KnownApp {
  if (app.is === 'registered') return app;
  throw new HarkError('not-found', 'app.unknown', 'there is no such app');
}

/** The app of a binding, also when it was deleted since. */
export function appOnceKnown(app: App): Exclude<App, { is: 'absent' }> {
  if (app.is !== 'absent') return app;
  throw new HarkError('not-found', 'app.unknown', 'there is no such app');
}

/** The app, or `not-found` `app.unknown`: another person's does not exist for them. */
export function appOf(ownerId: string, app: App): KnownApp {
  const known = knownApp(app);
  if (known.ownerId === ownerId) return known;
  throw new HarkError('not-found', 'app.unknown', 'there is no such app for this person');
}

/** The binding, or `not-found` `binding.unknown`. */
export function knownBinding(binding: Binding): KnownBinding {
  if (binding.is !== 'absent') return binding;
  throw new HarkError('not-found', 'binding.unknown', 'there is no such binding');
}

/** The binding of this person, or `not-found` `binding.unknown`: another person's does not exist for them. */
export function bindingOf(personId: string, binding: Binding): KnownBinding {
  if (binding.is !== 'absent' && binding.personId === personId) return binding;
  throw new HarkError('not-found', 'binding.unknown', 'there is no such binding for this person');
}

/** An app as its owner sees it. */
export const appView = (id: string, app: Omit<AppFacts, 'secretHash'>, ownerId: string): AppView => ({
  id,
  name: app.name,
  ownerId,
  verified: app.verified,
  redirectUris: app.redirectUris,
  createdAt: app.at,
  ...(app.description !== undefined && { description: app.description }),
  ...(app.homepage !== undefined && { homepage: app.homepage }),
  ...wechatAppIdView(app.wechatAppIdWished ?? app.wechatAppId, app.wechatProven),
  ...(app.callbackUrl !== undefined && { callbackUrl: app.callbackUrl }),
  ...(app.provenDomain !== undefined && { provenDomain: app.provenDomain }),
  ...(app.offeredTo !== undefined && { offeredTo: app.offeredTo }),
});

/** The mini program that an owner claims for the app, and whether that is proven. */
const wechatAppIdView = (
  wechatAppId: string | undefined,
  proven: true | undefined,
): Pick<AppView, 'wechatAppId' | 'wechatAppIdProven'> =>
  wechatAppId === undefined ? {} : { wechatAppId, wechatAppIdProven: proven ?? false };

/** What everybody may know of an app before they consent. */
export const appCardView = (id: string, app: KnownApp, standing: AppCardView['standing']): AppCardView => {
  const verifiedBy = {
    ...(app.provenDomain !== undefined && { domain: app.provenDomain }),
    ...(app.wechatProven && app.wechatAppId !== undefined && { wechatAppId: app.wechatAppId }),
  };
  return { ...appPublicView(id, app), ...(Object.keys(verifiedBy).length > 0 && { verifiedBy }), standing };
};

/** An app as everybody sees it. */
export const appPublicView = (id: string, app: AppFacts): AppPublicView => ({
  id,
  name: publicNameOf(app),
  verified: app.verified,
  createdAt: app.at,
});

/**
 * A binding as its person sees it at `now`, its sealed texts opened; a mute that has ended is not shown. An app without an owner has the name
 * that the person's own client gave it.
 */
export function bindingView(
  id: string,
  binding: Omit<KnownBinding, 'keyHash' | 'openid' | 'confirmed' | 'keyPresented'>,
  app: AppPublicView & { readonly owned: boolean; readonly deleted: boolean },
  { openid, appName }: { readonly openid: string; readonly appName: string | undefined },
  now: IsoTime,
): BindingView {
  const muted = isMuted(binding.muted, now);
  const { owned, deleted, ...seen } = app;
  const callersWord = !owned && appName !== undefined && { name: appName, nameBy: 'caller' as const };
  return {
    id,
    app: { ...seen, ...callersWord, ...(deleted && { deleted }) },
    openid,
    level: binding.level,
    muted,
    critical: binding.critical ?? false,
    readReceipts: binding.readReceipts ?? false,
    status: binding.is,
    ...(binding.endReason && { endReason: binding.endReason }),
    boundAt: binding.boundAt,
    ...(muted && binding.muted?.until && { mutedUntil: binding.muted.until }),
    channels: binding.channels,
    ...(binding.dailyCap !== null && { dailyCap: binding.dailyCap }),
    ...(binding.digest && { digest: binding.digest }),
  };
}

/** An endpoint as its person sees it; `fields` are masked already. */
export function endpointView(
  endpoint: {
    readonly endpointId: string;
    readonly kind: string;
    readonly verified: boolean;
    readonly addedAt: IsoTime;
    readonly challengeExpiresAt: IsoTime | null;
    readonly challengeRetryAt: IsoTime | null;
    /** Why the last code did not arrive; null when none is under way or it may still arrive. */
    readonly challengeFailure: string | null;
    /** Why the endpoint was switched off. */
    readonly disabledReason: string | null;
    readonly rank: number | null;
    /** Why a message did not arrive last, and when. */
    readonly trouble: { readonly reason: string; readonly at: IsoTime } | null;
  },
  { fields, name }: Pick<EndpointView, 'fields' | 'name'>,
  locale: Locale,
): EndpointView {
  const reason = endpoint.challengeFailure ?? endpoint.disabledReason;
  const detail = reason === null ? undefined : troubleText(reason, locale);
  return {
    id: endpoint.endpointId,
    kind: endpoint.kind,
    status: statusOf(endpoint),
    ...(reason !== null && { reason }),
    ...(detail !== undefined && { detail }),
    fields,
    ...(name !== undefined && { name }),
    ...(endpoint.rank !== null && { rank: endpoint.rank }),
    ...(endpoint.trouble !== null && { lastTrouble: troubleView(endpoint.trouble, locale) }),
    addedAt: endpoint.addedAt,
    ...(endpoint.challengeExpiresAt !== null && { challengeExpiresAt: endpoint.challengeExpiresAt }),
    ...(endpoint.challengeRetryAt !== null && { challengeRetryAt: endpoint.challengeRetryAt }),
  };
}

function troubleView({ reason, at }: { reason: string; at: IsoTime }, locale: Locale): EndpointView['lastTrouble'] {
  const detail = troubleText(reason, locale);
  return { reason, ...(detail !== undefined && { detail }), at };
}

function statusOf(endpoint: Parameters<typeof endpointView>[0]): EndpointView['status'] {
  if (endpoint.verified) return 'verified';
  if (endpoint.challengeFailure !== null) return 'failed';
  // While a new code is under way it looks like any other unverified endpoint.
  return endpoint.disabledReason !== null && endpoint.challengeExpiresAt === null ? 'disabled' : 'unverified';
}

/** The person, or `not-found` `user.unknown`. */
export function knownUser(user: User): User {
  if (user.registered && !user.erased) return user;
  throw new HarkError('not-found', 'user.unknown', 'nobody has this id');
}

/** Refuses `role.own` where an admin would change their own roles. */
export function assertOthers(adminId: string, userId: string): void {
  if (adminId === userId) throw new HarkError('refused', 'role.own', 'an admin would change their own roles');
}

/** A person's roles, for the admin who changed them. */
export const rolesView = (id: string, { roles }: Pick<User, 'roles'>): RolesView => ({
  id,
  roles: ['user', ...roles],
});

/** A person as they see themselves. */
export const meView = (
  id: string,
  {
    roles,
    locale,
    timeZone,
    quietHours,
    digest,
    retentionDays,
  }: Pick<User, 'roles' | 'locale' | 'timeZone' | 'quietHours' | 'digest' | 'retentionDays'>,
  displayName: string | undefined,
): MeView => ({
  ...rolesView(id, { roles }),
  ...(locale !== null && { locale }),
  ...(displayName !== undefined && { displayName }),
  ...(timeZone !== null && { timeZone }),
  ...(quietHours.length > 0 && { quietHours }),
  ...(digest !== null && { digest }),
  ...(retentionDays !== null && { retentionDays }),
});

/** A binding as its app sees it. */
export const appBindingView = (
  bindingId: string,
  { is, confirmed, boundAt }: KnownBinding,
  openid: string,
): AppBindingView => ({ bindingId, openid, status: is, confirmed, boundAt });
