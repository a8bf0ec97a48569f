import { Channel, ChannelRegistry, Note, SendResult } from '@hark/channels';
import { aadOf } from '@hark/contracts';
import { isPassing, pause, Vault } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { ConsentStore, Look } from '../consent.store';
import { Attempt, Delivery, Leg, Outcome } from '../domain/delivery.decider';
import { AttemptPatience } from './attempt-patience';
import { DeliveryLog } from './delivery-log';
import { Pushed } from './pushed';

const passing: readonly string[] = ['TRANSIENT', 'THROTTLED', 'AUTH_REFRESH'];

/** One run of the reactor for one push. */
export interface Run {
  readonly pushed: Pushed;
  /** `undefined` once the person is erased. */
  readonly note: Note | undefined;
  readonly log: DeliveryLog;
  /** Of `performance.now()`. */
  readonly begunAtMs: number;
  /** Tries that this very run wrote down: no bytes have left for them yet. */
  readonly own: ReadonlySet<string>;
  /** The look that this run decided on, and when it began. */
  readonly latest?: { readonly look: Look; readonly lookedAtMs: number };
}

/** A look this new is as good as another one: what was withdrawn since is far within the second that is promised. */
const lookFreshMs = 200;

/** Everything a try needs, looked up just before it. */
interface Ready {
  readonly channel: Channel;
  readonly address: unknown;
  readonly bindingRevision: number;
}

/** Sends a decided push through its endpoints, writing down each try before its bytes leave and each end after. */
@Injectable()
export class SendAttempts {
  constructor(
    private readonly consent: ConsentStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly patience: AttemptPatience,
  ) {}

  /**
   * Brings every endpoint to an end; endpoints do not wait for each other. A try without an end that is not this run's
   * own was cut off by a crash: nobody knows its end, so it is `unknown`, and tried again where that is harmless.
   */
  async finish(delivery: Delivery, run: Run): Promise<void> {
    if (delivery.is !== 'decided') return;
    const open = delivery.legs.filter(({ settled }) => settled === null);
    const ends = await Promise.allSettled(open.map((leg) => this.finishLeg(leg, run)));
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    // What passes comes first: parked for one endpoint's sake, the others would never end.
    if (failures.length > 0) throw failures.find(isPassing) ?? failures[0];
  }

  private async finishLeg(leg: Leg, run: Run): Promise<void> {
    const { attemptsMax } = this.patience;
    let own = leg.open && run.own.has(leg.open.attemptId) ? leg.open : undefined;
    if (leg.open && !own) {
      const final = !this.channels.get(leg.kind)?.repeatable || leg.attempts >= attemptsMax;
      const after = await this.settle(run, leg.open, { is: 'unknown', class: 'interrupted', final });
      if (after?.open !== null || after.settled !== null) return;
    }
    for (let number = own ? leg.attempts : leg.attempts + 1; number <= attemptsMax; number += 1) {
      own ??= await this.begin(leg, run);
      // The last look before bytes leave: consent may have gone since the decision, and since the try was written down.
      const ready = own && (await this.look(leg, run));
      if (!own || !ready || !run.note) return;
      const result = await this.inTime(ready.channel.send(ready.address, run.note));
      const waitMs = this.waitBefore(number + 1, result, run);
      const outcome = outcomeOf(result, ready.channel, waitMs !== undefined);
      const after = await this.settle(run, own, outcome);
      // Open again or at its end: another run has meanwhile called this try unknown and goes on instead of this one.
      if (after?.open !== null || after.settled !== null || waitMs === undefined) return;
      own = undefined;
      await pause(waitMs);
    }
    await this.suppress(leg, run, 'attempts-used-up');
  }

  /** Writes another try down; `undefined` when there may be none, or another run is at it. */
  private async begin(leg: Leg, run: Run): Promise<Attempt | undefined> {
    const ready = await this.look(leg, run);
    if (!ready) return undefined;
    const attempt = newAttempt(run.log.pushId, leg.endpointId, leg.kind, ready.bindingRevision, this.clock.now());
    const { state } = await run.log.write(`attempt:${attempt.attemptId}`, { type: 'Attempt', attempt });
    return legOf(state, leg.endpointId)?.open?.attemptId === attempt.attemptId ? attempt : undefined;
  }

  /** What the streams say at this moment; `undefined`, and the endpoint suppressed, when nothing may be sent to it. */
  private async look(leg: Leg, run: Run): Promise<Ready | undefined> {
    const { latest } = run;
    const isFresh = latest !== undefined && performance.now() - latest.lookedAtMs < lookFreshMs;
    const { decision, bindingRevision } = isFresh ? latest.look : await this.consent.look(run.pushed, this.clock.now());
    if (decision.is !== 'deliver') return this.suppress(leg, run, decision.reason);
    const endpoint = decision.endpoints.find(({ endpointId }) => endpointId === leg.endpointId);
    const channel = this.channels.get(leg.kind);
    if (!endpoint || !channel) return this.suppress(leg, run, 'no-channel');
    const address = await this.vault.open(endpoint.address, aadOf.address(leg.endpointId));
    if (address === undefined || !run.note) return this.suppress(leg, run, 'person-erased');
    return { channel, address: JSON.parse(address), bindingRevision };
  }

  /** A channel's own deadline may be longer than a reaction may take; what it answers after that is not waited for. */
  private async inTime(sending: Promise<SendResult>): Promise<SendResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<SendResult>((resolve) => {
      timer = setTimeout(resolve, this.patience.sendMs, { is: 'unknown', detail: 'deadline' });
    });
    try {
      return await Promise.race([sending, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** How long to wait before the try of that number; `undefined` when there is none, or not in the time that is left. */
  private waitBefore(number: number, result: SendResult, { begunAtMs }: Run): number | undefined {
    const { attemptsMax, waitsMs, lastTryMs } = this.patience;
    const usualMs = waitsMs[number - 2];
    if (number > attemptsMax || usualMs === undefined) return undefined;
    const waitMs = Math.max(usualMs, (result.is === 'failed' && result.retryAfterMs) || 0);
    return performance.now() + waitMs < begunAtMs + lastTryMs ? waitMs : undefined;
  }

  /** Writes a try's end down, and tells how its endpoint stands then. */
  private async settle({ log }: Run, { attemptId, endpointId }: Attempt, outcome: Outcome): Promise<Leg | undefined> {
    const command = { type: 'Settle', attemptId, outcome, at: this.clock.now() } as const;
    const { state } = await log.write(`settle:${attemptId}`, command);
    return legOf(state, endpointId);
  }

  private async suppress({ endpointId }: Leg, { log }: Run, reason: string): Promise<undefined> {
    const command = { type: 'Suppress', endpointId, reason, at: this.clock.now() } as const;
    await log.write(`suppress:${endpointId}`, command);
  }
}

/** A try at an endpoint. Its id is its own: two runs that try the same endpoint must not be taken for one. */
export const newAttempt = (
  pushId: string,
  endpointId: string,
  kind: string,
  bindingRevision: number,
  at: string,
): Attempt => ({ attemptId: uuid7(), endpointId, channel: kind, dedupeId: pushId, bindingRevision, at });

const legOf = (state: Delivery, endpointId: string): Leg | undefined =>
  state.is === 'absent' ? undefined : state.legs.find((leg) => leg.endpointId === endpointId);

/** What the provider's answer means for this try, and whether another one may follow. */
function outcomeOf(result: SendResult, { repeatable }: Channel, mayRepeat: boolean): Outcome {
  switch (result.is) {
    case 'sent':
      return { is: 'sent', ...(result.providerRef !== undefined && { providerRef: result.providerRef }) };
    case 'failed':
      return { is: 'failed', class: result.class, final: !mayRepeat || !passing.includes(result.class) };
    case 'unknown':
      return { is: 'unknown', class: 'UNKNOWN_OUTCOME', final: !mayRepeat || !repeatable };
  }
}
