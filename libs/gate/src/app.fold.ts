import { AppEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Fold, IsoTime } from '@hark/kernel';

type Registered = Extract<AppEvent, { type: 'app.registered' }>['data'];
type Changed = Extract<AppEvent, { type: 'app.changed' }>['data'];

/** What is known of an app that was registered, deleted or not. */
export type AppFacts = Registered & {
  /** Former secrets that still work, each until its time. */
  readonly oldSecrets?: readonly { readonly hash: string; readonly until: IsoTime }[];
  /** Former names of the callback secret that calls are still signed with, each until its time. */
  readonly oldCallbackSecrets?: readonly { readonly id: string; readonly until: IsoTime }[];
  /** The domain of the homepage, where its owner proved control of it. */
  readonly provenDomain?: string;
  /** The owner proved control of the mini program that the app is. */
  readonly wechatProven?: true;
  /** The person who may take the app over. */
  readonly offeredTo?: string;
};

/** A program that sends pushes (应用), as its stream tells it. */
export type App =
  | { readonly is: 'absent' }
  | ({ readonly is: 'registered' } & AppFacts)
  /** For good. What was known of it stays, so that people see whose binding has ended. */
  | ({ readonly is: 'deleted' } & AppFacts);

export const absentApp: App = { is: 'absent' };

/** The most former secrets that work at a time; the oldest end first. */
const oldSecretsMax = 4;

/** The app after one of its events. Never throws; an unknown type changes nothing. */
export function evolveApp(app: App, event: AppEvent): App {
  if (event.type === 'app.registered') return { is: 'registered', ...event.data };
  if (app.is === 'absent') return app;
  switch (event.type) {
    case 'app.changed':
      return changed(app, event.data);
    case 'app.secret-rotated': {
      const { secretHash, oldUntil, at } = event.data;
      return { ...app, secretHash, oldSecrets: stillWorking(app, oldUntil, at) };
    }
    case 'app.callback-secret-rotated': {
      const { callbackSecretId, oldUntil, at } = event.data;
      const former = (app.oldCallbackSecrets ?? []).filter((old) => oldUntil !== null && at < old.until);
      const last = oldUntil === null || !app.callbackSecretId ? [] : [{ id: app.callbackSecretId, until: oldUntil }];
      return { ...app, callbackSecretId, oldCallbackSecrets: [...last, ...former].slice(0, oldSecretsMax) };
    }
    case 'app.claimed': {
      const { ownerId, by, domain, secretHash } = event.data;
      const proven = by === 'wechat' ? { wechatProven: true as const } : { ...(domain && { provenDomain: domain }) };
      return { ...app, ownerId, verified: true, ...proven, ...(secretHash && { secretHash }) };
    }
    case 'app.transfer-offered':
      return { ...app, offeredTo: event.data.toId };
    case 'app.transfer-withdrawn':
      return without(app, 'offeredTo');
    case 'app.transferred': {
      const { ownerId, secretHash, oldUntil, at } = event.data;
      const callbacks = ['callbackUrl', 'callbackSecretId', 'oldCallbackSecrets'] as const;
      const kept = without(app, 'offeredTo', 'provenDomain', 'wechatProven', ...callbacks);
      return { ...kept, ownerId, secretHash, oldSecrets: stillWorking(app, oldUntil, at), verified: false };
    }
    case 'app.deleted':
      return { ...app, is: 'deleted' };
    default:
      event satisfies never;
      return app;
  }
}

export const appFold: Fold<App, AppEvent> = { initial: absentApp, evolve: evolveApp };

/** Whether the app's secret, or a former one that still works at `now`, has this hash. */
export const isSecretOf = (app: AppFacts, hash: string, now: IsoTime): boolean =>
  credentialMatches(hash, app.secretHash) ||
  (app.oldSecrets ?? []).some((old) => now < old.until && credentialMatches(hash, old.hash));

/** The name of the web address's host, in the form name servers know. */
export const domainOf = (url: string): string => new URL(url).hostname;

/** Who is answerable for an app: its owner, or the app itself while nobody has claimed it. */
export const standingOwnerOf = (appId: string, app: App): string => (app.is !== 'absent' && app.ownerId) || appId;

/**
 * The app's name for everybody. An app without an owner shows its mini program's id, because the name that its first
 * user's client gave it is private to that user.
 */
export const publicNameOf = ({
  ownerId,
  wechatAppId,
  name,
}: Pick<Registered, 'ownerId' | 'wechatAppId' | 'name'>): string => (ownerId === null ? (wechatAppId ?? name) : name);

/**
 * Whether the app was registered with somebody's mini program when that needed no proof, or changed hands since it was
 * proven. The mini program's users did not consent to this owner, so their bindings are not listed to it.
 */
export const isUnproven = ({
  ownerId,
  wechatAppId,
  wechatProven,
}: Pick<AppFacts, 'ownerId' | 'wechatAppId' | 'wechatProven'>): boolean =>
  ownerId !== null && wechatAppId !== undefined && wechatProven === undefined;

/** The app after a change: what is `null` is gone, and a proof holds for the homepage's domain only. */
function changed(app: Exclude<App, { is: 'absent' }>, data: Changed): Exclude<App, { is: 'absent' }> {
  const { at: _, description, homepage, callbackUrl, ...given } = data;
  const texts = { description, homepage, callbackUrl };
  const gone = (Object.keys(texts) as (keyof typeof texts)[]).filter((field) => texts[field] === null);
  const secrets = callbackUrl === null ? (['callbackSecretId', 'oldCallbackSecrets'] as const) : [];
  // Another address comes with another secret, and whoever had the former one must not pass for the hub there.
  const former = typeof callbackUrl === 'string' ? (['oldCallbackSecrets'] as const) : [];
  const kept = without(app, ...gone, ...secrets, ...former);
  const next = {
    ...kept,
    ...given,
    ...(typeof description === 'string' && { description }),
    ...(typeof homepage === 'string' && { homepage }),
    ...(typeof callbackUrl === 'string' && { callbackUrl }),
  };
  const { provenDomain } = next;
  const isProven = provenDomain === undefined || (next.homepage && domainOf(next.homepage) === provenDomain);
  return isProven ? next : without(next, 'provenDomain');
}

function stillWorking({ secretHash, oldSecrets = [] }: AppFacts, until: IsoTime | null, at: IsoTime) {
  if (until === null) return [];
  const former = oldSecrets.filter((old) => at < old.until);
  return [...(secretHash === null ? [] : [{ hash: secretHash, until }]), ...former].slice(0, oldSecretsMax);
}

function without<T extends object>(whole: T, ...fields: (keyof AppFacts)[]): T {
  return Object.fromEntries(Object.entries(whole).filter(([field]) => !fields.includes(field as never))) as T;
}
