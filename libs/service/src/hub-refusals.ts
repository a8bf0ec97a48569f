import { Logger } from '@hark/kernel';
import { Metrics } from './metrics';

/** The part of a channel's `SendResult` that is looked at. */
interface Result {
  readonly is: string;
  readonly reason?: string;
  readonly detail?: string;
}

const tellEveryMs = 60_000;

/**
 * Reports to the operator that a provider refuses the hub itself, its log-in or its sender. Nothing leaves through that
 * channel until the operator mends it; no recipient can. Pushes refused for this are put off, not lost.
 */
export class HubRefusals {
  private readonly toldAtMs = new Map<string, number>();
  private readonly refusing = new Set<string>();
  private refused = 0;

  constructor(
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    metrics.counted(
      'hark_hub_refused_total',
      'Tries that a provider refused because of the hub itself.',
      () => this.refused,
    );
    metrics.gauge(
      'hark_hub_refusing_channels',
      'Channels whose provider refuses the hub itself at present; page somebody.',
      () => this.refusing.size,
    );
  }

  /** The channels that are refused at present. */
  get channels(): readonly string[] {
    return [...this.refusing].sort();
  }

  /** Notes how a try at the hub's provider for `kind` ended. */
  note(kind: string, result: Result): void {
    if (result.is === 'sent') this.refusing.delete(kind);
    if (result.is !== 'failed' || result.reason !== 'hub-refused') return;
    this.refused += 1;
    this.refusing.add(kind);
    const nowMs = performance.now();
    if (nowMs - (this.toldAtMs.get(kind) ?? -Infinity) < tellEveryMs) return;
    this.toldAtMs.set(kind, nowMs);
    this.log.error(
      { kind, detail: result.detail },
      'the provider refuses the hub itself; check the log-in and the sender that the hub uses there',
    );
  }
}
