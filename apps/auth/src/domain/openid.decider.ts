import { OpenidEvent } from '@hark/contracts';
import { Openid, openidFold } from '@hark/gate';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

export type OpenidCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Claim'; readonly appId: string; readonly bindingId: string; readonly endedConsentId?: string }
  | {
      readonly type: 'Confirm';
      readonly bindingId: string;
      readonly consentId: string;
      /** The confirmed consent that has ended, by the person or the app; it no longer keeps anybody else out. */
      readonly endedConsentId?: string;
    }
  /**
   * The person said no to a request, or ended the consent. One that comes again, or after a later no or yes, changes
   * nothing: `at` is when it was said.
   */
  | { readonly type: 'Decline' }
);

const firstWaitMs = 10 * 60_000;
const longestWaitMs = 30 * 24 * 3_600_000;

/** Until when the app may not ask this person again: ten minutes after a no, twice as long after each further one. */
export function coolsUntil({ declined }: Pick<Openid, 'declined'>): IsoTime | undefined {
  if (!declined) return undefined;
  return plusMs(declined.at, Math.min(longestWaitMs, firstWaitMs * 2 ** (declined.times - 1)));
}

/**
 * The rules of an app's name for a person: many may claim it until the app confirms one; from then on, and while that
 * consent is in force, it is that person's.
 */
export const openidDecider: Decider<Openid, OpenidCommand, OpenidEvent> = {
  ...openidFold,

  decide(command, openid) {
    switch (command.type) {
      case 'Claim': {
        const { appId, bindingId, at } = command;
        assertFree(openid, command);
        const isKnown = openid.claimed && openid.claimants.includes(bindingId);
        return isKnown ? [] : [{ type: 'openid.claimed', data: { appId, bindingId, at } }];
      }
      case 'Confirm': {
        const { bindingId, consentId, at } = command;
        assertFree(openid, command);
        const isKnown = openid.confirmed?.bindingId === bindingId && openid.confirmed.consentId === consentId;
        if (isKnown) return [];
        return [{ type: 'openid.confirmed', data: { bindingId, consentId, at } }];
      }
      case 'Decline': {
        const { at } = command;
        const isKnown = (openid.declined?.at ?? '') >= at || (openid.confirmed?.at ?? '') > at;
        return isKnown ? [] : [{ type: 'openid.declined', data: { at } }];
      }
    }
  },
};

/** Throws `binding.openid-taken` while the app means another person by the openid. */
export function assertFree(
  { confirmed }: Openid,
  { bindingId, endedConsentId }: { readonly bindingId: string; readonly endedConsentId?: string },
): void {
  if (confirmed === null || confirmed.bindingId === bindingId || confirmed.consentId === endedConsentId) return;
  throw new HarkError('conflict', 'binding.openid-taken', 'another binding is confirmed for the openid');
}
