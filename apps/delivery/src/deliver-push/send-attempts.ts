import { Injectable } from '@nestjs/common';
import { asksForTime, Channel, ChannelRegistry, hubRetryMs, RefusalHolds, retryTime, SendResult } from '@hark/channels';
import { aadOf, Locale, Priority } from '@hark/contracts';
import { Endpoint, heardAs, Pushed } from '@hark/gate';
import { Clock, IsoTime, plusMs, uuid7 } from '@hark/kernel';
import { isTransient, withTimeout } from '@hark/resilience';
import { HubRefusals } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentSnapshot, ConsentStore, lookFreshMs, LookOptions } from '../consent.store';
import { Credits } from '../credits.service';
import { Attempt, Delivery, EndpointDelivery, Outcome } from '../domain/delivery.decider';
import { isBehind } from '../domain/delivery.state';
import { AttemptDeadlines } from './attempt-deadlines';
import { AttemptSlots } from './attempt-slots';
import { DeliveryLog } from './delivery-log';
import { GoneEndpoints } from './gone-endpoints';
import { addressed, UnaddressedNotification } from './notification-factory';

/** One run of a reactor for one push. */
export interface Run {
  readonly pushed: Pushed;
  /** `undefined` once the person is erased. */
  readonly note: UnaddressedNotification | undefined;
  readonly log: DeliveryLog;
  /** The id of the event that the run is a reaction to. */
  readonly cause: string;
  /** The tries that this run itself wrote down: no bytes have left for them yet. */
  readonly ownAttempts: ReadonlySet<string>;
  /** It tells of this push and others in one message, made at the last moment. */
  readonly digest?: {
    readonly id: string;
    compose(language: Locale): Promise<DigestNote | undefined>;
  };
  /** The consent that this run decided on, and the moment of that look. */
  readonly decidedOn?: { readonly look: ConsentSnapshot; readonly lookedAtMs: number };
}

/** What a digest says, and how loud it is. */
export interface DigestNote {
  readonly note: UnaddressedNotification;
  readonly priority: Priority;
}

/**
 * For how long a push is tried from when it may ring, in milliseconds. It stays in the inbox anyway, and a phone that rings
 * a day late does more harm than good. bark-server also gives a push 24 hours at APNs.
 */
const triedForMs = 24 * 3_600_000;

/** Until when a push is tried. */
export const triedUntil = ({ dueAt }: { readonly dueAt: IsoTime }): IsoTime => plusMs(dueAt, triedForMs);

const noRoom: SendResult = { is: 'failed', class: 'THROTTLED', detail: 'share', putOff: true };

/** Everything a try needs, looked up just before it. */
interface Ready {
  readonly is: 'ready';
  readonly channel: Channel;
  readonly endpoint: Endpoint;
  readonly address: unknown;
  readonly bindingRevision: number;
  readonly language: Locale;
  /** How loud. */
  readonly priority: Priority;
}

interface NotToBeSent {
  readonly is: 'not-to-be-sent';
  readonly reason: string;
  /** Not yet: the gate is asked again then. */
  readonly until?: IsoTime;
}

/** The name under which `RefusalHolds` keeps a provider that refuses the hub itself. */
const hubAt = (kind: string): string => `hub ${kind}`;

/**
 * Sends a decided push through its endpoints, writing down each try before its bytes leave and each end after.
 *
 * | an endpoint is          | by its events                                   | a run                                     |
 * | ----------------------- | ----------------------------------------------- | ----------------------------------------- |
 * | untried, or taken up    | no open try, not put off                        | looks at consent, writes a try down, sends |
 * | open, by this very run  | `attempted`, no bytes have left                 | sends                                     |
 * | open, by another run    | `attempted`, then a crash: nobody knows its end | ends it as `unknown`; again where harmless |
 * | put off                 | `deferred`: the clock takes it up (`resumed`)   | is not asked                              |
 * | postponed               | `postponed`: the person wants quiet until then  | is not asked                              |
 * | settled                 | `sent`, final `failed` or `unknown`, suppressed | is not asked                              |
 * | behind                  | `sent`, and `replaced` since                    | sends the later text, in the same way      |
 *
 * Before anything is sent, and before another try is written down, consent is looked at. Where it lets nothing through any
 * more, the endpoint is suppressed, where it does not yet, postponed, and the run is done with it.
 */
@Injectable()
export class SendAttempts {
  constructor(
    private readonly consent: ConsentStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly deadlines: AttemptDeadlines,
    private readonly slots: AttemptSlots,
    private readonly refusals: HubRefusals,
    private readonly gone: GoneEndpoints,
    private readonly holds: RefusalHolds,
    private readonly credits: Credits,
  ) {}

  /**
   * Makes one try at each of these endpoints; they do not wait for each other, and nothing here waits for a second try: a
   * failure that passes puts the endpoint off by an event. A try without an end that is not this run's own was cut off by
   * a crash: nobody knows its end, so it is `unknown`, and tried again where that is harmless. After `until` there is no
   * other try. Answers at which of them the inbox had another text by the end of the try: nobody else sends it there.
   */
  async tryOnce(legs: readonly EndpointDelivery[], run: Run, until: IsoTime): Promise<readonly string[]> {
    const ends = await Promise.allSettled(legs.map((leg) => this.tryLeg(leg, until, run)));
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    // A transient failure before a permanent one, so that the event is tried again: parked, the other endpoints would never end.
    if (failures.length > 0) throw failures.find(isTransient) ?? failures[0];
    return legs.flatMap(({ endpointId }, at) => {
      const end = ends[at]!;
      return end.status === 'fulfilled' && end.value ? [endpointId] : [];
    });
  }

  /** Whether the gate lets the push through there now. Where it does not, that is recorded. */
  async mayTry(leg: EndpointDelivery, run: Omit<Run, 'ownAttempts'>, options: LookOptions = {}): Promise<boolean> {
    return (await this.readyOrSuppressed(leg, { ...run, ownAttempts: new Set() }, options)) !== undefined;
  }

  /** Whether the inbox had another text when the endpoint had taken this one. */
  private async tryLeg(leg: EndpointDelivery, until: IsoTime, run: Run): Promise<boolean> {
    const attempt = await this.attemptFor(leg, until, run);
    if (!attempt) return false;
    // The last look before bytes leave: consent may have been withdrawn since the decision or since the try was written
    // down.
    const ready = await this.readyOrSuppressed(leg, run);
    if (!ready || !run.note) return false;
    const digest = await run.digest?.compose(ready.language);
    const sent = await this.send(leg, { ...ready, ...digest }, digest?.note ?? run.note);
    const result = ofSameOwner(sent, ready.endpoint);
    const now = this.clock.now();
    const tries = { ...leg, tries: Math.max(leg.tries, this.holds.refusalsOf(leg.endpointId)) };
    const outcome = outcomeOf(result, tries, ready.channel, now, until);
    this.learn(result, outcome, leg, ready.endpoint, now);
    const state = await this.settle(run, attempt, outcome);
    const after = legOf(state, leg.endpointId);
    return state.is !== 'absent' && after !== undefined && isBehind(after, state.edition);
  }

  /**
   * The try for this run to make: the one written down with the decision, or another; `undefined` when none is allowed.
   */
  private async attemptFor(leg: EndpointDelivery, until: IsoTime, run: Run): Promise<Attempt | undefined> {
    const { open } = leg;
    if (open === null) return this.begin(leg, run);
    if (run.ownAttempts.has(open.attemptId)) return open;
    const final = !this.channels.get(leg.kind)?.repeatable || this.clock.now() >= until;
    const after = legOf(await this.settle(run, open, { is: 'unknown', class: 'interrupted', final }), leg.endpointId);
    const isOver = final || after?.open !== null || (after.settled !== null && after.settled !== 'sent');
    return isOver ? undefined : this.begin(leg, run);
  }

  /** Remembers what a try has shown about its endpoint, and about the provider's view of the hub. */
  private learn(
    result: SendResult,
    outcome: Outcome,
    { kind }: EndpointDelivery,
    endpoint: Endpoint,
    now: IsoTime,
  ): void {
    this.refusals.note(kind, result);
    if (result.is === 'failed' && result.putOff) return;
    if (result.is === 'failed' && result.reason === 'hub-refused')
      return this.holds.refused(hubAt(kind), plusMs(now, hubRetryMs));
    if (result.is === 'sent') this.holds.relented(hubAt(kind));
    else this.holds.undecided(hubAt(kind));
    if (result.is === 'failed' && result.class === 'RECIPIENT_GONE') this.gone.add(endpoint);
    const retryAt = outcome.is === 'sent' ? undefined : outcome.retryAt;
    if (retryAt !== undefined && asksForTime(result)) this.holds.refused(endpoint.endpointId, retryAt);
    else this.holds.relented(endpoint.endpointId);
  }

  /** Writes another try down; `undefined` when none is allowed or another run is at work on it. */
  private async begin(leg: EndpointDelivery, run: Run): Promise<Attempt | undefined> {
    const ready = await this.readyOrSuppressed(leg, run);
    if (!ready) return undefined;
    const { endpointId, kind } = leg;
    const attempt = newAttempt({
      dedupeId: run.digest?.id ?? run.note?.dedupeId ?? run.log.pushId,
      edition: run.pushed.edition,
      endpointId,
      kind,
      bindingRevision: ready.bindingRevision,
      collapseKey: run.digest ? undefined : run.note?.collapseKey,
      ...(run.digest && { digest: true as const }),
      cause: run.cause,
      at: this.clock.now(),
    });
    const { state } = await run.log.write(`attempt:${attempt.attemptId}`, { type: 'Attempt', attempt });
    return legOf(state, leg.endpointId)?.open?.attemptId === attempt.attemptId ? attempt : undefined;
  }

  /** What a try needs; `undefined` when nothing may be sent to the endpoint any more, which is then recorded. */
  private async readyOrSuppressed(leg: EndpointDelivery, run: Run, options?: LookOptions): Promise<Ready | undefined> {
    const looked = await this.look(leg, run, options);
    if (looked.is === 'ready') return looked;
    const { endpointId } = leg;
    const { reason, until } = looked;
    const at = this.clock.now();
    if (until === undefined)
      await run.log.write(`suppress:${endpointId}`, { type: 'Suppress', endpointId, reason, at });
    else await run.log.write(`postpone:${endpointId}`, { type: 'Postpone', endpointId, reason, until, at });
    return undefined;
  }

  /** From the streams as they are now: what a try needs, or why nothing may be sent. Writes nothing. */
  private async look(
    leg: EndpointDelivery,
    run: Run,
    // A later text for a phone that rang does not ring, so it waits for no digest either.
    { isSilent = leg.settled === 'sent' }: LookOptions = {},
  ): Promise<Ready | NotToBeSent> {
    const { decidedOn } = run;
    const now = this.clock.now();
    const digest = leg.digest ?? (leg.settled === 'sent' ? now : undefined);
    const isFresh = decidedOn !== undefined && performance.now() - decidedOn.lookedAtMs < lookFreshMs;
    const look = isFresh
      ? decidedOn.look
      : await this.consent.look({ ...run.pushed, pushId: run.log.pushId }, now, undefined, {
          isSilent,
          ...(digest !== undefined && { digest }),
        });
    const { decision, binding, bindingRevision, language } = look;
    const priority = heardAs(run.pushed.priority, binding);
    if (decision.is !== 'deliver') {
      const { reason } = decision;
      return { is: 'not-to-be-sent', reason, ...(decision.is === 'defer' && { until: decision.until }) };
    }
    const endpoint = decision.endpoints.find(({ endpointId }) => endpointId === leg.endpointId);
    const channel = this.channels.get(leg.kind);
    if (!endpoint || !channel || this.gone.has(endpoint)) return { is: 'not-to-be-sent', reason: 'no-channel' };
    const address = await this.vault.open(endpoint.address, aadOf.address(leg.endpointId));
    if (address === undefined || !run.note) return { is: 'not-to-be-sent', reason: 'person-erased' };
    return { is: 'ready', channel, endpoint, address: JSON.parse(address), bindingRevision, language, priority };
  }

  private async send(
    { kind, endpointId }: EndpointDelivery,
    ready: Ready,
    note: UnaddressedNotification,
  ): Promise<SendResult> {
    const { channel, address, language, priority } = ready;
    const { verifiedAt } = ready.endpoint;
    const proven = verifiedAt === null ? {} : { provenAt: verifiedAt };
    const addressedNote = { ...addressed(note, language), priority, ...proven };
    // The endpoint's hold first: otherwise this try might become the probe of the provider and then not be made.
    const heldMs = this.holds.waitMs(endpointId) || this.holds.waitMs(hubAt(kind));
    if (heldMs > 0) return { is: 'failed', class: 'THROTTLED', detail: 'held', putOff: true, retryAfterMs: heldMs };
    const giveBack = this.slots.takeFor(note, kind, channel.serverOf(address));
    if (!giveBack) {
      this.holds.undecided(endpointId);
      this.holds.undecided(hubAt(kind));
      return noRoom;
    }
    try {
      // A channel's own deadline may be longer than a reaction's.
      const sending = this.credits.spend(channel, endpointId, () => channel.send(address, addressedNote));
      return await withTimeout(this.deadlines.sendMs, sending, () => ({ is: 'unknown', detail: 'deadline' }));
    } finally {
      giveBack();
    }
  }

  /** Records the end of a try and returns the delivery after it. */
  private async settle({ log }: Run, { attemptId }: Attempt, outcome: Outcome): Promise<Delivery> {
    const command = { type: 'Settle', attemptId, outcome, at: this.clock.now() } as const;
    return (await log.write(`settle:${attemptId}`, command)).state;
  }
}

/** A try at an endpoint, with a new id: two runs that try the same endpoint must not be taken for one. */
export const newAttempt = ({
  dedupeId,
  edition,
  endpointId,
  kind,
  bindingRevision,
  collapseKey,
  digest,
  cause,
  at,
}: {
  readonly dedupeId: string;
  readonly edition: number;
  readonly endpointId: string;
  readonly kind: string;
  readonly bindingRevision: number;
  readonly collapseKey: string | undefined;
  readonly digest?: true;
  readonly cause: string;
  readonly at: IsoTime;
}): Attempt => ({
  attemptId: uuid7(),
  endpointId,
  channel: kind,
  dedupeId,
  bindingRevision,
  ...(edition > 0 && { edition }),
  ...(collapseKey !== undefined && { collapseKey }),
  ...(digest && { digest }),
  cause,
  at,
});

/**
 * Whether a reaction to another event has a try under way there, which ends it, and after a crash takes it up when that event
 * comes again. To end it here would call `unknown` what is on its way.
 */
export const isTriedByAnother = ({ open }: EndpointDelivery, cause: string): boolean =>
  open?.cause !== undefined && open.cause !== cause;

const legOf = (state: Delivery, endpointId: string): EndpointDelivery | undefined =>
  state.is === 'absent' ? undefined : state.legs.find((leg) => leg.endpointId === endpointId);

/**
 * A server that signed its answers and does so no longer has lost the secret, so it may be somebody else's by now: the
 * message has not reached its person.
 */
function ofSameOwner(result: SendResult, { signs }: Endpoint): SendResult {
  if (result.is !== 'sent' || !signs || result.signed) return result;
  return { is: 'failed', class: 'RECIPIENT_GONE', detail: 'unsigned', reason: 'owner-changed' };
}

/** What the provider's answer means for this try, and when another one may follow. */
function outcomeOf(
  result: SendResult,
  leg: Pick<EndpointDelivery, 'tries' | 'putOffs'>,
  { repeatable }: Channel,
  at: IsoTime,
  until: IsoTime,
): Outcome {
  if (result.is === 'sent') {
    const { signed: _, ...outcome } = result;
    return outcome;
  }
  const isBusy = result.is === 'failed' && result.putOff === true;
  const tries = 1 + (isBusy ? leg.putOffs : leg.tries);
  const retryAt = retryTime(result, { tries, at, until, repeatable });
  const next = retryAt === undefined ? {} : { retryAt };
  if (result.is === 'unknown')
    return { is: 'unknown', class: 'UNKNOWN_OUTCOME', final: retryAt === undefined, ...next };
  const reason = isBusy ? 'busy' : result.reason;
  return { is: 'failed', class: result.class, ...(reason !== undefined && { reason }), ...next };
}
