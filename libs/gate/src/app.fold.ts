import { AppEvent } from '@hark/contracts';
import { Fold } from '@hark/kernel';

/** A program that sends pushes (应用), as its stream tells it. */
export type App = { readonly is: 'absent' } | ({ readonly is: 'registered' } & AppEvent['data']);

export const absentApp: App = { is: 'absent' };

/** The app after one of its events. Never throws; an unknown type changes nothing. */
export function evolveApp(app: App, event: AppEvent): App {
  return event.type === 'app.registered' ? { is: 'registered', ...event.data } : app;
}

export const appFold: Fold<App, AppEvent> = { initial: absentApp, evolve: evolveApp };

/** Who is answerable for an app: its owner, or the app itself while nobody has claimed it. */
export const standingOwnerOf = (appId: string, app: App): string => (app.is === 'registered' && app.ownerId) || appId;

/**
 * The app's name for everybody. An app without an owner shows its mini program's id, because the name that its first
 * user's client gave it is private to that user.
 */
export const publicNameOf = ({
  ownerId,
  wechatAppId,
  name,
}: Pick<AppEvent['data'], 'ownerId' | 'wechatAppId' | 'name'>): string =>
  ownerId === null ? (wechatAppId ?? name) : name;

/**
 * Whether the app was registered with somebody's mini program when that needed no proof. The mini program's users did
 * not consent to this owner, so their bindings are not listed to it.
 */
export const isUnproven = ({ ownerId, wechatAppId }: Pick<AppEvent['data'], 'ownerId' | 'wechatAppId'>): boolean =>
  ownerId !== null && wechatAppId !== undefined;
