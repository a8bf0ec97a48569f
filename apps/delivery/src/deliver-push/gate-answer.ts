import { DeliveryEvent } from '@hark/contracts';
import { GateDecision, isMuted } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { ConsentSnapshot } from '../consent.store';

type Decided = Extract<DeliveryEvent, { type: 'delivery.decided' }>['data'];
export type GateAnswer = Pick<
  Decided,
  'bindingRevision' | 'standingRevision' | 'decision' | 'level' | 'reason' | 'until' | 'muted' | 'endpoints' | 'inTurn'
>;

export type Shown =
  Exclude<GateDecision, { is: 'hold' | 'refuse' }> | { readonly is: 'refuse'; readonly reason: string };

/** With a verdict the gate no longer holds a push. If it did, nothing may be sent. */
export const shown = (decision: GateDecision): Shown =>
  decision.is === 'hold' ? { is: 'refuse', reason: decision.reason } : decision;

/** The gate's decision, and what it was decided on, as events record them. */
export function answerOf(look: ConsentSnapshot, at: IsoTime, decision: Shown = shown(look.decision)): GateAnswer {
  const { binding, bindingRevision, standingRevision } = look;
  const endpoints = 'endpoints' in decision ? decision.endpoints : [];
  const ranked = endpoints.flatMap(({ endpointId, rank }) => (rank === null ? [] : [endpointId]));
  return {
    bindingRevision,
    standingRevision,
    decision: decision.is,
    ...(binding.is !== 'absent' && { level: binding.level }),
    ...(decision.is !== 'deliver' && { reason: decision.reason }),
    ...(decision.is === 'defer' && { until: decision.until }),
    muted: binding.is !== 'absent' && isMuted(binding.muted, at),
    endpoints: endpoints.map(({ endpointId, kind }) => ({ endpointId, kind })),
    ...(ranked.length > 1 && { inTurn: ranked }),
  };
}
