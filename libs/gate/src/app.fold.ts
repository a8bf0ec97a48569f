import { AppEvent } from '@hark/contracts';

/** Somebody's program that sends (应用), as its stream tells it. */
export type App = { readonly is: 'absent' } | ({ readonly is: 'registered' } & AppEvent['data']);

export const absentApp: App = { is: 'absent' };

/** What an app becomes by one of its events. Never throws; an unknown type changes nothing. */
export function evolveApp(app: App, event: AppEvent): App {
  return event.type === 'app.registered' ? { is: 'registered', ...event.data } : app;
}

/** Who answers for an app: its owner, or the app itself while nobody has claimed it. */
export const standingOwnerOf = (appId: string, app: App): string => (app.is === 'registered' && app.ownerId) || appId;

/**
 * What an app is called before everybody. One that nobody owns goes by its mini program's id: what the client of its first
 * user called it is nobody else's to read.
 */
export const publicNameOf = ({
  ownerId,
  wechatAppId,
  name,
}: Pick<AppEvent['data'], 'ownerId' | 'wechatAppId' | 'name'>): string =>
  ownerId === null ? (wechatAppId ?? name) : name;

/**
 * Whether the app was registered with somebody's mini program when that needed no proof. Who bound that mini program's
 * users did not mean this owner: nobody's bindings are listed to it.
 */
export const isUnproven = ({ ownerId, wechatAppId }: Pick<AppEvent['data'], 'ownerId' | 'wechatAppId'>): boolean =>
  ownerId !== null && wechatAppId !== undefined;
