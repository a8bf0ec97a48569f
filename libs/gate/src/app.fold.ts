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
