import { DeliveryEvent, Escalation, Repetition } from '@hark/contracts';
import { FileOnlyReason, fileOnlyReasons } from '@hark/gate';
import { Decider, IsoTime, plusMs } from '@hark/kernel';

type DataOf<T extends DeliveryEvent['type']> = Extract<DeliveryEvent, { type: T }>['data'];

/** One try at one endpoint, as `delivery.attempted` records it. */
export type Attempt = DataOf<'delivery.attempted'>;
/**
 * How a try ended. `unknown`: bytes left and no answer came. With `retryAt` the endpoint is put off until then. Without
 * it the endpoint is settled when `final`; otherwise another try is about to begin.
 */
export type Outcome =
  | { readonly is: 'sent'; readonly providerRef?: string; readonly leftOut?: 'link' }
  | { readonly is: 'failed'; readonly class: string; readonly reason?: string; readonly retryAt?: IsoTime }
  | { readonly is: 'unknown'; readonly class: string; readonly retryAt?: IsoTime; readonly final: boolean };

export type DeliveryCommand =
  /**
   * `filed` is absent when the gate refused; `attempts` holds the first try of each endpoint in the decision, or, where it
   * is deferred, which those are.
   */
  | {
      readonly type: 'Decide';
      readonly decided: DataOf<'delivery.decided'>;
      readonly filed?: DataOf<'delivery.filed'>;
      readonly attempts: readonly Attempt[];
    }
  /** Another text takes the place of the one in the inbox. */
  | { readonly type: 'Replace'; readonly replaced: DataOf<'delivery.replaced'> }
  /** Another try; at an endpoint that took the push, one of a later text. The outcome of a try that is still open is not known: it is ended as `unknown` first. */
  | { readonly type: 'Attempt'; readonly attempt: Attempt }
  | { readonly type: 'Settle'; readonly attemptId: string; readonly outcome: Outcome; readonly at: IsoTime }
  /** The deferral of that number is due. A second firing of it makes no event. */
  | {
      readonly type: 'Resume';
      readonly endpointId: string;
      readonly number: number;
      readonly epoch: number;
      readonly at: IsoTime;
    }
  /** Nothing goes to the endpoint before that time. Of a try that is written down nothing has left. */
  | {
      readonly type: 'Postpone';
      readonly endpointId: string;
      readonly reason: string;
      readonly until: IsoTime;
      readonly at: IsoTime;
    }
  | { readonly type: 'Suppress'; readonly endpointId: string; readonly reason: string; readonly at: IsoTime }
  /** Its sender took it back. What is decided already is left to `TakeBack`. */
  | { readonly type: 'CallOff'; readonly at: IsoTime }
  /** The push was to be taken off that endpoint, which went like this. */
  | { readonly type: 'TakeBack'; readonly endpointId: string; readonly result: TakenBack; readonly at: IsoTime }
  | {
      readonly type: 'ResumeTakeBack';
      readonly endpointId: string;
      readonly number: number;
      readonly epoch: number;
      readonly at: IsoTime;
    }
  | FollowUpCommand;

/** What the gate says of a reminder that may be told. */
export type ReminderDecision = Omit<DataOf<'delivery.reminded'>, 'number' | 'epoch' | 'at'>;

/** A follow-up is named by its number; a second firing of it makes no event. */
type FollowUpCommand =
  /** Reminder `number` is due. Of those that are due by now, only the last one is told. */
  | {
      readonly type: 'Remind';
      readonly number: number;
      readonly epoch: number;
      readonly decision: ReminderDecision;
      readonly at: IsoTime;
    }
  /** Escalation `number` is due. */
  | { readonly type: 'Escalate'; readonly number: number; readonly epoch: number; readonly at: IsoTime }
  /** The gate refuses it. */
  | {
      readonly type: 'DropFollowUp';
      readonly task: FollowUpTask;
      readonly number: number;
      readonly reason: string;
      readonly at: IsoTime;
    }
  /** Somebody says that they know, in that inbox item. */
  | { readonly type: 'Acknowledge'; readonly inboxItemId: string; readonly at: IsoTime };

export type FollowUpTask = DataOf<'delivery.follow-up-set'>['task'];

/** What comes next of a task, and not before. */
interface FollowUp {
  readonly number: number;
  readonly dueAt: IsoTime;
}

/** Whether what an endpoint shows was taken off it. Without `retryAt` it stays for good. */
export type TakenBack =
  { readonly is: 'taken' } | { readonly is: 'left'; readonly reason: string; readonly retryAt?: IsoTime };

type TakeBackStep = Extract<DeliveryCommand, { type: 'TakeBack' | 'ResumeTakeBack' }>;

type Decide = Extract<DeliveryCommand, { type: 'Decide' }>;

/** What is decided about one endpoint. */
type Step = Exclude<DeliveryCommand, TakeBackStep | FollowUpCommand | { type: 'Decide' | 'Replace' | 'CallOff' }>;

type Settled = 'sent' | 'failed' | 'unknown' | 'suppressed';

/** The state of one endpoint of a delivery. */
export interface EndpointDelivery {
  readonly endpointId: string;
  readonly kind: string;
  /** How many tries have ended with or without an answer of the provider. */
  readonly tries: number;
  /** How many tries since then found no room here (`busy`), so that nothing left for the provider. */
  readonly putOffs: number;
  /** The try that has begun and has no recorded end; after a crash nobody knows how it ended. */
  readonly open: Attempt | null;
  /** How many times it was put off. If ever, only the schedule takes it up again, never a repeated verdict. */
  readonly deferrals: number;
  /** How many of these came before the latest reminder. */
  readonly deferralsBefore: number;
  /** The latest reminder does not go there; what is said of it is of an earlier time. */
  readonly isPast: boolean;
  /** True while it is put off and must not be tried. */
  readonly isDeferred: boolean;
  /** It is tried only when those before it in turn have not taken the push. */
  readonly isStandby: boolean;
  /** The latest text that it took; 0 for the first, -1 before any. */
  readonly took: number;
  /** How it ended for good; `null` while another try may follow. */
  readonly settled: Settled | null;
  /** Why nothing was sent; set when the delivery is suppressed. */
  readonly reason: string | null;
  /** It took the push, or a try had an unknown end. */
  readonly mayShow: boolean;
  /** What a later push replaces there; null where it is this push alone. */
  readonly collapseKey: string | null;
  /** Of taking it back: how many tries are over, and whether another may be made now, or later, or none. */
  readonly takeBack: { readonly tries: number; readonly is: 'open' | 'waiting' | 'over' };
}

/** The delivery of one push to one person. */
export type Delivery =
  /** `isCalledOff`: its sender took the push back. */
  | { readonly is: 'absent'; readonly isCalledOff?: true }
  | {
      readonly is: 'decided' | 'finished';
      readonly appId: string;
      readonly personId: string;
      readonly bindingId: string;
      /** The app's server is to be told how it ends. */
      readonly hasCallback: boolean;
      /** When it may ring, as decided last: at once, or when the person's quiet ends. */
      readonly dueAt: IsoTime;
      readonly legs: readonly EndpointDelivery[];
      /** The text in the inbox: 0 for the push's first, -1 when none is. */
      readonly edition: number;
      /** The endpoints that are tried one after the other. */
      readonly inTurn: readonly string[];
      /** Its end is recorded; a reminder has one of its own. */
      readonly hasFinished: boolean;
      /** The number of the latest reminder; 0 before the first. */
      readonly reminder: number;
      readonly repeat: Repetition | null;
      readonly escalate: readonly Escalation[];
      readonly next: { readonly [T in FollowUpTask]?: FollowUp };
      readonly isAcknowledged: boolean;
    };

type Known = Exclude<Delivery, { is: 'absent' }>;

export const deliveryDecider: Decider<Delivery, DeliveryCommand, DeliveryEvent> = {
  initial: { is: 'absent' },

  decide(command, delivery) {
    if (command.type === 'Decide') {
      return delivery.is === 'absent' ? decided(delivery.isCalledOff ? calledOff(command) : command) : [];
    }
    if (command.type === 'CallOff') {
      const isNew = delivery.is === 'absent' && !delivery.isCalledOff;
      return isNew ? [{ type: 'delivery.called-off', data: { at: command.at } }] : [];
    }
    if (delivery.is === 'absent') return [];
    if (isFollowUp(command)) return followUp(command, delivery);
    if (command.type === 'TakeBack' || command.type === 'ResumeTakeBack') return takeBack(command, delivery);
    if (command.type === 'Replace') {
      const isLater = delivery.edition >= 0 && command.replaced.edition > delivery.edition;
      return isLater ? [{ type: 'delivery.replaced', data: command.replaced }] : [];
    }
    const isShown = delivery.is === 'finished' && (command.type === 'Attempt' || command.type === 'Settle');
    // After its end only endpoints that took the push are sent a later text.
    if (isShown) return settle(command, delivery);
    if (delivery.is === 'finished') return [];
    const events = settle(command, delivery);
    if (events.length === 0) return [];
    return finishedIfDone(delivery, [...events, ...nextInTurn(delivery, events)], atOf(command));
  },

  evolve(delivery, event) {
    if (event.type === 'delivery.decided') {
      const { appId, personId, bindingId, hasCallback = false, endpoints, inTurn = [], repeat = null, at } = event.data;
      const { escalate = [] } = event.data;
      const legs = legsOf(endpoints, inTurn);
      const ids = { appId, personId, bindingId, hasCallback };
      const followUps = { hasFinished: false, reminder: 0, repeat, escalate, next: {}, isAcknowledged: false };
      return { is: 'decided', ...ids, dueAt: at, legs, edition: -1, inTurn, ...followUps };
    }
    if (event.type === 'delivery.called-off') return { is: 'absent', isCalledOff: true };
    if (delivery.is === 'absent') return delivery;
    switch (event.type) {
      case 'delivery.callback-owed':
        return delivery;
      case 'delivery.filed':
      case 'delivery.replaced':
        return { ...delivery, edition: event.data.edition ?? 0 };
      case 'delivery.attempted':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          open: event.data,
          collapseKey: event.data.collapseKey ?? null,
        }));
      case 'delivery.postponed': {
        const { endpointId, number, retryAt } = event.data;
        // Once it has been tried its time runs, or quiet hours with short gaps would keep it for ever.
        const isTried = delivery.legs.some(({ tries, isPast }) => tries > 0 && !isPast);
        const dueAt = isTried || retryAt < delivery.dueAt ? delivery.dueAt : retryAt;
        return changeLeg({ ...delivery, dueAt }, endpointId, (leg) => ({
          ...leg,
          open: null,
          deferrals: number,
          isDeferred: true,
        }));
      }
      case 'delivery.deferred':
      case 'delivery.passed-on':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          deferrals: event.data.number,
          isDeferred: true,
          isStandby: false,
        }));
      case 'delivery.resumed':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({ ...leg, isDeferred: false }));
      case 'delivery.sent':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          open: null,
          mayShow: true,
          took: leg.open?.edition ?? 0,
          settled: 'sent',
        }));
      case 'delivery.failed':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          ...(event.data.reason === 'busy' ? { putOffs: leg.putOffs + 1 } : answered(leg)),
          open: null,
          settled: endedAs('failed', event.data.final, leg),
        }));
      case 'delivery.unknown':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          ...answered(leg),
          open: null,
          mayShow: true,
          settled: endedAs('unknown', event.data.final, leg),
        }));
      case 'delivery.suppressed':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          open: null,
          settled: 'suppressed',
          reason: event.data.reason,
        }));
      case 'delivery.taken-back':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          takeBack: { tries: leg.takeBack.tries + 1, is: 'over' },
        }));
      case 'delivery.left-shown':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          takeBack: { tries: event.data.number, is: event.data.retryAt === undefined ? 'over' : 'waiting' },
        }));
      case 'delivery.take-back-resumed':
        return changeLeg(delivery, event.data.endpointId, (leg) => ({
          ...leg,
          takeBack: { ...leg.takeBack, is: 'open' },
        }));
      case 'delivery.finished':
        return { ...delivery, is: 'finished', hasFinished: true };
      case 'delivery.follow-up-set': {
        const { task, number, dueAt } = event.data;
        return { ...delivery, next: { ...delivery.next, [task]: { number, dueAt } } };
      }
      case 'delivery.follow-up-dropped':
        return { ...delivery, next: without(delivery.next, event.data.task) };
      case 'delivery.reminded': {
        const { number, endpoints, inTurn = [], decision, at } = event.data;
        return {
          ...delivery,
          is: decision === 'file-only' ? 'finished' : 'decided',
          dueAt: at,
          legs: legsOf(endpoints, inTurn, delivery.legs),
          inTurn,
          reminder: number,
          next: without(delivery.next, 'remind'),
        };
      }
      case 'delivery.escalated':
        return { ...delivery, next: without(delivery.next, 'escalate') };
      case 'delivery.acknowledged':
        return { ...delivery, isAcknowledged: true };
      default:
        event satisfies never;
        return delivery;
    }
  },
};

/** An endpoint that took the push stays one that did, whatever becomes of a later text. */
const endedAs = (how: Settled, final: boolean, { settled }: EndpointDelivery): Settled | null =>
  settled === 'sent' ? 'sent' : final ? how : null;

const answered = ({ tries }: EndpointDelivery) => ({ tries: tries + 1, putOffs: 0 });

function decided({ decided: data, filed, attempts }: Extract<DeliveryCommand, { type: 'Decide' }>): DeliveryEvent[] {
  const why = data.reason === undefined ? {} : { reason: data.reason };
  const { repeat, escalate = [], at } = data;
  const [soonest] = data.decision === 'refuse' ? [] : escalate;
  const first: DeliveryEvent[] = [
    { type: 'delivery.decided', data },
    ...(filed ? [{ type: 'delivery.filed' as const, data: filed }] : []),
    ...(repeat && data.decision !== 'refuse' ? [followUpSet('remind', 1, plusMs(at, repeat.everyMs), at)] : []),
    ...(soonest ? [followUpSet('escalate', 1, plusMs(at, soonest.afterMs), at)] : []),
  ];
  if (data.decision === 'deliver')
    return [...first, ...attempts.map((attempt) => ({ type: 'delivery.attempted' as const, data: attempt }))];
  if (data.decision === 'defer' && data.until !== undefined) {
    const { until: retryAt, at } = data;
    const when = { number: 1, reason: data.reason ?? 'quiet-hours', retryAt, at };
    const postponed = attempts.map(({ endpointId, channel }) => ({ endpointId, channel, ...when }));
    return [...first, ...postponed.map((one) => ({ type: 'delivery.postponed' as const, data: one }))];
  }
  const outcome = data.decision === 'refuse' ? 'suppressed' : 'inbox-only';
  return [...first, ...finished(data, { outcome, ...why, at: data.at })];
}

/** The decision on a push that its sender has taken back meanwhile. */
function calledOff({ decided: asked }: Decide): Decide {
  const { inTurn: _, ...data } = asked;
  return { type: 'Decide', decided: { ...data, decision: 'refuse', reason: 'recalled', endpoints: [] }, attempts: [] };
}

/** The legs that show the push, or may: those it can be taken off now. */
export const shownAt = ({ legs }: Exclude<Delivery, { is: 'absent' }>): EndpointDelivery[] =>
  legs.filter(({ mayShow, takeBack }) => mayShow && takeBack.is === 'open');

function takeBack(command: TakeBackStep, delivery: Exclude<Delivery, { is: 'absent' }>): DeliveryEvent[] {
  const { endpointId, at } = command;
  const leg = delivery.legs.find((one) => one.endpointId === endpointId);
  if (!leg) return [];
  if (command.type === 'ResumeTakeBack') {
    const { number, epoch } = command;
    const isNext = leg.takeBack.is === 'waiting' && leg.takeBack.tries === number;
    return isNext ? [{ type: 'delivery.take-back-resumed', data: { endpointId, number, epoch, at } }] : [];
  }
  if (!shownAt(delivery).includes(leg)) return [];
  const { result } = command;
  const where = { endpointId, channel: leg.kind };
  if (result.is === 'taken') return [{ type: 'delivery.taken-back', data: { ...where, at } }];
  const { reason, retryAt } = result;
  const data = { ...where, number: leg.takeBack.tries + 1, reason, ...(retryAt !== undefined && { retryAt }), at };
  return [{ type: 'delivery.left-shown', data }];
}

function settle(command: Step, { legs, inTurn }: Known): DeliveryEvent[] {
  switch (command.type) {
    case 'Attempt': {
      const { attempt } = command;
      const leg = legs.find(({ endpointId }) => endpointId === attempt.endpointId);
      if (!leg || leg.isDeferred || leg.open?.attemptId === attempt.attemptId) return [];
      const isLater = leg.settled === 'sent' && (attempt.edition ?? 0) > leg.took;
      if (leg.settled !== null && !isLater) return [];
      const lost: DeliveryEvent[] = leg.open ? [interrupted(leg.open, attempt.at)] : [];
      return [...lost, { type: 'delivery.attempted', data: attempt }];
    }
    case 'Settle': {
      const leg = legs.find(({ open }) => open?.attemptId === command.attemptId);
      if (!leg?.open) return [];
      const { attemptId, endpointId, channel } = leg.open;
      const { outcome, at } = command;
      if (outcome.is === 'sent') {
        const { is: _, ...told } = outcome;
        return [{ type: 'delivery.sent', data: { attemptId, endpointId, channel, ...told, at } }];
      }
      // Where another endpoint waits for its turn, nobody waits for this one. What found no room here was not tried.
      const isPassedOver = !isBusy(outcome) && standbyAfter(endpointId, legs, inTurn) !== undefined;
      const retryAt = isPassedOver ? undefined : outcome.retryAt;
      const final = outcome.is === 'failed' ? retryAt === undefined : outcome.final || endsTurn(outcome, isPassedOver);
      const why = outcome.is === 'failed' && outcome.reason !== undefined ? { reason: outcome.reason } : {};
      const end: DeliveryEvent = {
        type: `delivery.${outcome.is}`,
        data: { attemptId, endpointId, channel, class: outcome.class, ...why, final, at },
      };
      if (retryAt === undefined) return [end];
      const reason = why.reason ?? outcome.class;
      const data = { endpointId, channel, number: leg.deferrals + 1, reason, retryAt, attemptId, at };
      return [end, { type: 'delivery.deferred', data }];
    }
    case 'Resume': {
      const { endpointId, number, epoch, at } = command;
      const leg = legs.find((one) => one.endpointId === endpointId);
      if (!leg || leg.settled !== null || !leg.isDeferred || leg.deferrals !== number) return [];
      return [{ type: 'delivery.resumed', data: { endpointId, number, epoch, at } }];
    }
    case 'Postpone': {
      const { endpointId, reason, until: retryAt, at } = command;
      const leg = legs.find((one) => one.endpointId === endpointId);
      if (!leg || leg.settled !== null || leg.isDeferred) return [];
      const tried = leg.open && { attemptId: leg.open.attemptId };
      const data = { endpointId, channel: leg.kind, number: leg.deferrals + 1, reason, retryAt, ...tried, at };
      return [{ type: 'delivery.postponed', data }];
    }
    case 'Suppress': {
      const leg = legs.find(({ endpointId }) => endpointId === command.endpointId);
      if (!leg || leg.settled !== null) return [];
      return [
        {
          type: 'delivery.suppressed',
          data: { endpointId: leg.endpointId, channel: leg.kind, reason: command.reason, at: command.at },
        },
      ];
    }
  }
}

const isBusy = (outcome: Outcome): boolean => outcome.is === 'failed' && outcome.reason === 'busy';

/** An unknown end that was to be tried again later. One that is tried again at once keeps its turn. */
const endsTurn = (outcome: Outcome, isPassedOver: boolean): boolean =>
  isPassedOver && outcome.is === 'unknown' && outcome.retryAt !== undefined;

/** The endpoint whose turn comes after that one, if it was not tried yet. */
function standbyAfter(
  endpointId: string,
  legs: readonly EndpointDelivery[],
  inTurn: readonly string[],
): EndpointDelivery | undefined {
  const at = inTurn.indexOf(endpointId);
  const later = at < 0 ? [] : inTurn.slice(at + 1);
  return later.flatMap((id) => legs.find((leg) => leg.endpointId === id && leg.isStandby && !leg.settled) ?? [])[0];
}

/**
 * What the end of an endpoint means for those behind it: when it took the push they are not needed, otherwise the turn of
 * the next has come. That one is taken up like every other that was put off, so a crash in between loses nothing.
 */
function nextInTurn({ legs, inTurn }: Known, events: DeliveryEvent[]): DeliveryEvent[] {
  return events.flatMap((event): DeliveryEvent[] => {
    if (event.type === 'delivery.sent') {
      const { endpointId, at } = event.data;
      const left = legs.filter((leg) => inTurn.includes(endpointId) && leg.isStandby && leg.settled === null);
      return left.map((leg) => ({
        type: 'delivery.suppressed',
        data: { endpointId: leg.endpointId, channel: leg.kind, reason: 'not-needed', at },
      }));
    }
    const isEnd =
      event.type === 'delivery.suppressed' ||
      ((event.type === 'delivery.failed' || event.type === 'delivery.unknown') && event.data.final);
    if (!isEnd) return [];
    const { endpointId, at } = event.data;
    const was = legs.find((leg) => leg.endpointId === endpointId);
    const next = was?.isStandby ? undefined : standbyAfter(endpointId, legs, inTurn);
    if (!next) return [];
    const { endpointId: nextId, kind: channel, deferrals } = next;
    const data = { endpointId: nextId, channel, number: deferrals + 1, retryAt: at, at };
    return [{ type: 'delivery.passed-on', data }];
  });
}

const interrupted = ({ attemptId, endpointId, channel }: Attempt, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.unknown',
  data: { attemptId, endpointId, channel, class: 'interrupted', final: false, at },
});

/** The endpoints of a decision. Those of the time before may still show the push, so they are kept. */
function legsOf(
  endpoints: DataOf<'delivery.decided'>['endpoints'],
  inTurn: readonly string[],
  before: readonly EndpointDelivery[] = [],
): EndpointDelivery[] {
  const now = endpoints.map(({ endpointId, kind }): EndpointDelivery => {
    const was = before.find((leg) => leg.endpointId === endpointId);
    // Counted on, so that no deferral of an earlier time is taken for one of now.
    const deferrals = was?.deferrals ?? 0;
    return {
      endpointId,
      kind,
      tries: 0,
      putOffs: 0,
      open: null,
      deferrals,
      deferralsBefore: deferrals,
      isPast: false,
      isDeferred: false,
      isStandby: inTurn.indexOf(endpointId) > 0,
      took: was?.took ?? -1,
      settled: null,
      reason: null,
      mayShow: was?.mayShow ?? false,
      collapseKey: was?.collapseKey ?? null,
      takeBack: { tries: 0, is: 'open' },
    };
  });
  const past = before.filter((leg) => !now.some(({ endpointId }) => endpointId === leg.endpointId));
  return [...now, ...past.map((leg) => ({ ...leg, isPast: true }))];
}

const isFollowUp = (command: DeliveryCommand): command is FollowUpCommand =>
  command.type === 'Remind' ||
  command.type === 'Escalate' ||
  command.type === 'DropFollowUp' ||
  command.type === 'Acknowledge';

function followUp(command: FollowUpCommand, delivery: Known): DeliveryEvent[] {
  const { at } = command;
  switch (command.type) {
    case 'Remind':
      return remind(command, delivery);
    case 'Escalate':
      return escalate(command, delivery);
    case 'DropFollowUp': {
      const { task, number, reason } = command;
      return delivery.next[task]?.number === number ? [dropped(task, number, reason, at)] : [];
    }
    case 'Acknowledge': {
      const isAwaited = delivery.repeat !== null || delivery.escalate.length > 0;
      if (!isAwaited || delivery.isAcknowledged) return [];
      const left = Object.entries(delivery.next) as [FollowUpTask, FollowUp][];
      // A try that is under way ends by itself.
      const waiting = delivery.legs.filter(({ settled, open }) => settled === null && open === null);
      const events: DeliveryEvent[] = [
        { type: 'delivery.acknowledged', data: { inboxItemId: command.inboxItemId, at } },
        ...left.map(([task, { number }]) => dropped(task, number, 'acknowledged', at)),
        ...waiting.map((leg) => givenUp(leg, 'acknowledged', at)),
      ];
      return waiting.length === 0 ? events : finishedIfDone(delivery, events, at);
    }
  }
}

function remind(
  { number, epoch, decision, at }: Extract<DeliveryCommand, { type: 'Remind' }>,
  delivery: Known,
): DeliveryEvent[] {
  const { next, repeat, legs, hasFinished } = delivery;
  const due = next.remind;
  if (repeat === null || due?.number !== number || at < due.dueAt) return [];
  const { everyMs, times } = repeat;
  const missed = Math.floor((Date.parse(at) - Date.parse(due.dueAt)) / everyMs);
  const last = Math.min(number + missed, times);
  const isQuiet = decision.decision === 'file-only';
  const after = legsOf(decision.endpoints, decision.inTurn ?? [], legs);
  const why = decision.reason === undefined ? {} : { reason: decision.reason };
  return [
    ...legs.flatMap((leg) => replaced(leg, at)),
    { type: 'delivery.reminded', data: { number: last, epoch, ...decision, at } },
    ...(last < times ? [followUpSet('remind', last + 1, plusMs(due.dueAt, (last + 1 - number) * everyMs), at)] : []),
    ...(decision.until === undefined ? [] : postponed(after, decision.reason, decision.until, at)),
    ...(isQuiet && !hasFinished ? finished(delivery, { outcome: 'inbox-only', ...why, at }) : []),
  ];
}

/** The next one's turn is counted from the same moment, so that an outage makes none later. */
function escalate(
  { number, epoch, at }: Extract<DeliveryCommand, { type: 'Escalate' }>,
  { next, escalate: steps }: Known,
): DeliveryEvent[] {
  const due = next.escalate;
  const step = steps[number - 1];
  if (!step || due?.number !== number || at < due.dueAt) return [];
  const later = steps[number];
  const laterAt = later && plusMs(due.dueAt, later.afterMs - step.afterMs);
  return [
    { type: 'delivery.escalated', data: { number, openidId: step.openidId, epoch, at } },
    ...(laterAt === undefined ? [] : [followUpSet('escalate', number + 1, laterAt, at)]),
  ];
}

/** In their quiet hours a person is told after them, and the gate is asked then. */
const postponed = (
  legs: readonly EndpointDelivery[],
  reason = 'quiet-hours',
  retryAt: IsoTime,
  at: IsoTime,
): DeliveryEvent[] =>
  legs
    .filter(({ isPast, isStandby }) => !isPast && !isStandby)
    .map(({ endpointId, kind: channel, deferrals }) => ({
      type: 'delivery.postponed',
      data: { endpointId, channel, number: deferrals + 1, reason, retryAt, at },
    }));

/** What an endpoint of the time before still waits for: the reminder comes in its place. */
const replaced = (leg: EndpointDelivery, at: IsoTime): DeliveryEvent[] =>
  leg.settled === null ? [...(leg.open ? [interrupted(leg.open, at)] : []), givenUp(leg, 'reminded', at)] : [];

const givenUp = ({ endpointId, kind: channel }: EndpointDelivery, reason: string, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.suppressed',
  data: { endpointId, channel, reason, at },
});

const followUpSet = (task: FollowUpTask, number: number, dueAt: IsoTime, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.follow-up-set',
  data: { task, number, dueAt, at },
});

const dropped = (task: FollowUpTask, number: number, reason: string, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.follow-up-dropped',
  data: { task, number, reason, at },
});

function without(next: Known['next'], task: FollowUpTask): Known['next'] {
  const { [task]: _, ...rest } = next;
  return rest;
}

/** `events`, followed by `delivery.finished` when they settle the last endpoint. */
function finishedIfDone(delivery: Delivery, events: DeliveryEvent[], at: IsoTime): DeliveryEvent[] {
  const after = events.reduce(deliveryDecider.evolve, delivery);
  if (after.is === 'absent') return events;
  const legs = after.legs.filter(({ isPast }) => !isPast);
  if (legs.length === 0 || legs.some(({ settled }) => settled === null)) return events;
  const end = { ...outcomeOf(legs), at };
  if (after.hasFinished) {
    return [...events, { type: 'delivery.finished', data: { ...end, reminder: after.reminder } }];
  }
  return [...events, ...finished(after, end)];
}

/** The end, and that the app is to be told of it. What it took back itself is no news to it. */
function finished(
  {
    appId,
    bindingId,
    hasCallback,
  }: Pick<DataOf<'delivery.decided'>, 'appId' | 'bindingId'> & { hasCallback?: boolean },
  end: DataOf<'delivery.finished'>,
): DeliveryEvent[] {
  const events: DeliveryEvent[] = [{ type: 'delivery.finished', data: end }];
  if (!hasCallback || end.reason === 'recalled') return events;
  return [...events, { type: 'delivery.callback-owed', data: { appId, bindingId, ...end } }];
}

/** The outcome of all settled endpoints. One that received it is enough; a push kept quiet is in the inbox. */
function outcomeOf(legs: readonly EndpointDelivery[]): Omit<DataOf<'delivery.finished'>, 'at'> {
  if (legs.some(({ settled }) => settled === 'sent')) return { outcome: 'delivered' };
  if (legs.some(({ settled }) => settled !== 'suppressed')) return { outcome: 'failed' };
  const reasons = legs.flatMap(({ reason }) => reason ?? []);
  const refused = reasons.find((reason) => !fileOnly.has(reason));
  if (refused !== undefined) return { outcome: 'suppressed', reason: refused };
  return { outcome: 'inbox-only', reason: reasons[0]! };
}

const fileOnly: ReadonlySet<string> = new Set<FileOnlyReason | 'acknowledged'>([...fileOnlyReasons, 'acknowledged']);

const atOf = (command: Step): IsoTime => (command.type === 'Attempt' ? command.attempt.at : command.at);

const changeLeg = (
  delivery: Known,
  endpointId: string,
  change: (leg: EndpointDelivery) => EndpointDelivery,
): Delivery => ({
  ...delivery,
  legs: delivery.legs.map((leg) => (leg.endpointId === endpointId ? change(leg) : leg)),
});
