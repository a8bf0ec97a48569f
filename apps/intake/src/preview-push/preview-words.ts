import { JudgedContent, Locale, PreviewedReminder, Priority } from '@hark/contracts';
import { GateDecision } from '@hark/gate';
import { wordsFor } from '../domain/push-words';

type Told = Omit<PreviewedReminder, 'at'>;

/** A decision in the words that the push's status would have for it; which endpoints they are is the person's. */
export class PreviewWords {
  constructor(
    private readonly moderation: JudgedContent,
    private readonly locale: Locale,
  ) {}

  /** `priority`: how loud it would be. */
  of(decision: GateDecision, priority: Priority): Told {
    const channels = 'endpoints' in decision ? decision.endpoints.map(({ kind }) => kind) : [];
    return {
      decision: decision.is,
      ...this.why(decision),
      ...('until' in decision && decision.until !== undefined && { until: decision.until }),
      ...(channels.length > 0 && { channels, priority }),
    };
  }

  /** Nothing goes there, for that reason. */
  refusal(reason: string): Told {
    return { decision: 'refuse', reason, ...wordsFor('suppressed', reason, this.locale) };
  }

  /** What the gate says of a text is told with what moderation found in it, as in the status. */
  private why(decision: GateDecision): Pick<Told, 'reason' | 'reasonText'> {
    if (!('reason' in decision)) return {};
    const isOfText = decision.reason === 'moderation' || decision.reason === 'verdict-held';
    const { label = 'other' } = this.moderation;
    const reason = isOfText ? `moderation.${label}` : decision.reason;
    return { reason, ...wordsFor(decision.is === 'hold' ? 'held' : 'suppressed', reason, this.locale) };
  }
}
