import { OpenidEvent } from '@hark/contracts';
import { Openid, openidFold } from '@hark/gate';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

export type OpenidCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Claim'; readonly appId: string; readonly bindingId?: string }
  | {
      readonly type: 'Confirm';
      readonly bindingId: string;
      readonly consentId: string;
      /** The confirmed consent that has ended, by the person or the app; it no longer keeps anybody else out. */
      readonly endedConsentId?: string;
    }
  /** The person said no to a request, or ended the consent. */
  | { readonly type: 'Decline' }
);

const firstWaitMs = 10 * 60_000;
const longestWaitMs = 30 * 24 * 3_600_000;

/** Until when the app may not ask this person again: ten minutes after a no, twice as long after each further one. */
export function coolsUntil({ declined }: Pick<Openid, 'declined'>): IsoTime | undefined {
  if (!declined) return undefined;
  return plusMs(declined.at, Math.min(longestWaitMs, firstWaitMs * 2 ** (declined.times - 1)));
}

/** The rules of an app's name for a person: many may claim it, and the app confirms one at a time. */
export const openidDecider: Decider<Openid, OpenidCommand, OpenidEvent> = {
  ...openidFold,

  decide(command, { claimed, confirmed, claimants }) {
    switch (command.type) {
      case 'Claim': {
        const { type: _, ...data } = command;
        const isKnown = data.bindingId === undefined || claimants.includes(data.bindingId);
        return claimed && isKnown ? [] : [{ type: 'openid.claimed', data }];
      }
      case 'Confirm': {
        const { bindingId, consentId, endedConsentId, at } = command;
        if (confirmed?.bindingId === bindingId && confirmed.consentId === consentId) return [];
        const held = confirmed !== null && confirmed.bindingId !== bindingId && confirmed.consentId !== endedConsentId;
        if (held) throw openidTaken();
        return [{ type: 'openid.confirmed', data: { bindingId, consentId, at } }];
      }
      case 'Decline':
        return [{ type: 'openid.declined', data: { at: command.at } }];
    }
  },
};

/** The app means somebody else by the openid. */
export const openidTaken = () =>
  new HarkError('conflict', 'binding.openid-taken', 'another binding is confirmed for the openid');
