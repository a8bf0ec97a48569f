import { DigestEvent } from '@hark/contracts';
import { Decider, IsoTime } from '@hark/kernel';

/** Which push tells at one endpoint, at one time, of all that wait for it; null while none does. */
export interface DigestLead {
  readonly leadId: string | null;
}

/** `pushId` wants to tell. `insteadOf`: the lead as it was known, whose push is not to be told there any more. */
export interface LeadDigest {
  readonly type: 'Lead';
  readonly pushId: string;
  readonly insteadOf: string | null;
  readonly at: IsoTime;
}

/** The lead of a digest: one at a time, and none that another has replaced comes back by what it knew before. */
export const digestDecider: Decider<DigestLead, LeadDigest, DigestEvent> = {
  initial: { leadId: null },

  decide: ({ pushId, insteadOf, at }, { leadId }) =>
    leadId === pushId || leadId !== insteadOf ? [] : [{ type: 'digest.led', data: { pushId, at } }],

  evolve: (_, { data: { pushId } }) => ({ leadId: pushId }),
};
