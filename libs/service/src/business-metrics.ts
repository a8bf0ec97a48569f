import { LRUCache } from 'lru-cache';
import { DomainEvent } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { Metrics } from './metrics';

const inboxBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600];
const attemptBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** The most decisions whose first attempt is awaited, and the most values of a label. */
const waitingMax = 10_000;
const labelValuesMax = 30;
const msPerSecond = 1_000;

type Data = Readonly<Record<string, unknown>>;

/**
 * What the hub does for people, counted from the events that this process appends; nothing happens without an event. An
 * append that was repeated after an unknown outcome counts twice.
 */
export class BusinessMetrics {
  private readonly events;
  private readonly pushes;
  private readonly toInbox;
  private readonly toAttempt;
  private readonly attempts;
  private readonly outcomes;
  private readonly decisions;
  private readonly verdicts;
  private readonly complaints;
  private readonly sanctions;
  private readonly decidedAtMs = new LRUCache<string, number>(entriesAtMost(waitingMax));
  private readonly labelValues = new Map<string, Set<string>>();

  constructor(metrics: Metrics) {
    this.events = metrics.counter('hark_events_total', 'Events appended, by type.', ['type']);
    this.pushes = metrics.counter('hark_pushes_accepted_total', 'Pushes accepted, by who sent them.', ['sent_by']);
    this.toInbox = metrics.histogram(
      'hark_push_to_inbox_seconds',
      'From the acceptance of a push to its place in the inbox; of one that was held, with the time it waited.',
      inboxBuckets,
    );
    this.toAttempt = metrics.histogram(
      'hark_decision_to_attempt_seconds',
      'From the decision to deliver to the first attempt at a channel.',
      attemptBuckets,
    );
    this.attempts = metrics.counter('hark_delivery_attempts_total', 'How attempts at a channel ended.', [
      'channel',
      'outcome',
    ]);
    this.outcomes = metrics.counter('hark_deliveries_total', 'How deliveries ended.', ['outcome']);
    this.decisions = metrics.counter('hark_gate_decisions_total', 'What the gate said of pushes.', ['decision']);
    this.verdicts = metrics.counter('hark_moderation_verdicts_total', 'Verdicts on texts of pushes.', ['verdict']);
    this.complaints = metrics.counter('hark_complaints_total', 'Complaints made and decided.', ['step']);
    this.sanctions = metrics.counter('hark_sanctions_total', 'Sanctions on owners of apps.', ['sanction']);
  }

  /** Call it with what has just been appended, all to one stream. */
  readonly appended = (streamId: string, events: readonly DomainEvent[]): void => {
    for (const { type, data } of events) {
      this.events.inc({ type });
      this.count(streamId, type, data as Data);
    }
  };

  private count(streamId: string, type: string, data: Data): void {
    const [category, verb = ''] = type.split('.', 2) as [string, string?];
    if (type === 'message.pushed') this.pushes.inc({ sent_by: this.bounded('sent_by', data.sentBy) });
    else if (category === 'delivery') this.countDelivery(streamId, verb, data);
    else if (category === 'moderation') this.verdicts.inc({ verdict: verb });
    else if (category === 'complaint') this.complaints.inc({ step: verb });
    else if (category === 'standing' && verb !== 'opened') this.sanctions.inc({ sanction: verb });
  }

  private countDelivery(streamId: string, verb: string, data: Data): void {
    switch (verb) {
      case 'decided':
        this.decisions.inc({ decision: this.bounded('decision', data.decision) });
        if (data.decision === 'deliver') this.remember(streamId);
        return;
      case 'filed':
        this.toInbox.observe(Math.max(0, Date.now() - Date.parse(String(data.pushedAt))) / msPerSecond);
        return;
      case 'attempted':
        this.firstAttempt(streamId);
        return;
      case 'sent':
      case 'failed':
      case 'unknown':
      case 'suppressed':
      case 'deferred':
        this.attempts.inc({ channel: this.bounded('channel', data.channel), outcome: verb });
        return;
      case 'finished':
        this.outcomes.inc({ outcome: this.bounded('outcome', data.outcome) });
    }
  }

  private remember(streamId: string): void {
    this.decidedAtMs.set(streamId, performance.now());
  }

  private firstAttempt(streamId: string): void {
    const decidedAtMs = this.decidedAtMs.get(streamId);
    if (decidedAtMs === undefined) return;
    this.decidedAtMs.delete(streamId);
    this.toAttempt.observe((performance.now() - decidedAtMs) / msPerSecond);
  }

  /** The value, or `other` once the label has its most values, because the values in events have no bound. */
  private bounded(label: string, value: unknown): string {
    const text = typeof value === 'string' ? value : 'unknown';
    const known = this.labelValues.get(label) ?? new Set<string>();
    this.labelValues.set(label, known);
    if (!known.has(text) && known.size >= labelValuesMax) return 'other';
    known.add(text);
    return text;
  }
}
