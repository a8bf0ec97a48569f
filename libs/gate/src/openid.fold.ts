import { OpenidEvent } from '@hark/contracts';
import { Fold, IsoTime, uuid5 } from '@hark/kernel';

/** Whom an app means by one of its own names for people, as that name's stream tells it. */
export interface Openid {
  /** Somebody has claimed it since the app last confirmed a person. */
  readonly claimed: boolean;
  /**
   * The consent that the app reaches with its secret and this openid. It counts only while it is that binding's present
   * one.
   */
  readonly confirmed: { readonly bindingId: string; readonly consentId: string; readonly at: IsoTime } | null;
  /** The bindings that were made under it, the latest ones, without repeats; in old logs nobody noted them. */
  readonly claimants: readonly string[];
  /** How often somebody said no since the app last confirmed a person, and when last; null when nobody has. */
  readonly declined: { readonly times: number; readonly at: IsoTime } | null;
}

/** How many claimants of an openid are remembered. What is forgotten stays unconfirmed, so no secret reaches it. */
const claimantsMax = 100;

export const unclaimedOpenid: Openid = { claimed: false, confirmed: null, claimants: [], declined: null };

/** The state after one of its events. Never throws; an unknown type changes nothing. */
export function evolveOpenid(openid: Openid, event: OpenidEvent): Openid {
  switch (event.type) {
    case 'openid.claimed': {
      const { bindingId } = event.data;
      if (bindingId === undefined) return { ...openid, claimed: true };
      const others = openid.claimants.filter((id) => id !== bindingId);
      return { ...openid, claimed: true, claimants: [...others, bindingId].slice(-claimantsMax) };
    }
    case 'openid.confirmed':
      return { ...openid, claimed: false, confirmed: event.data, declined: null };
    case 'openid.declined':
      return { ...openid, declined: { times: (openid.declined?.times ?? 0) + 1, at: event.data.at } };
    default:
      event satisfies never;
      return openid;
  }
}

export const openidFold: Fold<Openid, OpenidEvent> = { initial: unclaimedOpenid, evolve: evolveOpenid };

/** The stream of an app's own name for somebody. */
export const openidIdOf = (appId: string, openid: string): string => uuid5(appId, openid);

/** The id of a person's binding under an openid. Several people may claim one; none of them learns of the others. */
export const bindingIdOf = (appId: string, openid: string, personId: string): string =>
  uuid5(openidIdOf(appId, openid), personId);

/** Whether `bindingId`, which is that person's, is under this openid. In old logs a binding has the openid's own id. */
export const isUnderOpenid = (bindingId: string, appId: string, openid: string, personId: string): boolean =>
  bindingId === bindingIdOf(appId, openid, personId) || bindingId === openidIdOf(appId, openid);
