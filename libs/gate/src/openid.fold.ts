import { OpenidEvent } from '@hark/contracts';
import { uuid5 } from '@hark/kernel';

/** Whom an app means by one of its own names for people, as that name's stream tells it. */
export interface Openid {
  /** Somebody has claimed it since the app last said whose it is. */
  readonly claimed: boolean;
  /** The consent that the app's secret reaches by this openid; it counts only while it is that binding's present one. */
  readonly confirmed: { readonly bindingId: string; readonly consentId: string } | null;
}

export const unclaimedOpenid: Openid = { claimed: false, confirmed: null };

/** What it becomes by one of its events. Never throws; an unknown type changes nothing. */
export function evolveOpenid(openid: Openid, event: OpenidEvent): Openid {
  switch (event.type) {
    case 'openid.claimed':
      return { ...openid, claimed: true };
    case 'openid.confirmed':
      return { claimed: false, confirmed: { bindingId: event.data.bindingId, consentId: event.data.consentId } };
    default:
      event satisfies never;
      return openid;
  }
}

/** The stream of an app's own name for somebody. */
export const openidIdOf = (appId: string, openid: string): string => uuid5(appId, openid);

/** The binding of a person under an openid: several may claim one, and none of them learns of the others. */
export const bindingIdOf = (appId: string, openid: string, personId: string): string =>
  uuid5(openidIdOf(appId, openid), personId);

/** Whether `bindingId`, which is that person's, is under this openid; bindings of old logs have the openid's own id. */
export const isUnderOpenid = (bindingId: string, appId: string, openid: string, personId: string): boolean =>
  bindingId === bindingIdOf(appId, openid, personId) || bindingId === openidIdOf(appId, openid);
