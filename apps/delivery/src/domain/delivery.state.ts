import { DeliveryEvent, Escalation, Repetition } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** The data of that event. */
export type DataOf<T extends DeliveryEvent['type']> = Extract<DeliveryEvent, { type: T }>['data'];

/** One try at one endpoint, as `delivery.attempted` records it. */
export type Attempt = DataOf<'delivery.attempted'>;

/** What is set to follow the push when its time comes. */
export type FollowUpTask = DataOf<'delivery.follow-up-set'>['task'];

/** What comes next of a task, and not before. */
export interface FollowUp {
  readonly number: number;
  readonly dueAt: IsoTime;
}

/** How an endpoint ended for good. */
export type Settled = 'sent' | 'failed' | 'unknown' | 'suppressed';

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
  /** Until when it is put off, or was last. */
  readonly until: IsoTime | null;
  /** When the digest rings in which the push is to be told there; null where the push rings by itself. */
  readonly digest: IsoTime | null;
  /** What was sent there is a digest, which holds nothing of the push. */
  readonly isDigested: boolean;
  /** It is tried only when those before it in turn have not taken the push. */
  readonly isStandby: boolean;
  /** The latest text that it took; 0 for the first, -1 before any. */
  readonly took: number;
  /** How it ended for good; `null` while another try may follow. */
  readonly settled: Settled | null;
  /** Why nothing arrived; set when the endpoint is suppressed or has failed for good. */
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
      /** Since when, if it is not the first. */
      readonly replacedAt: IsoTime | null;
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

/** A delivery that is decided. */
export type Known = Exclude<Delivery, { is: 'absent' }>;

/** Whether an endpoint took the push, but not the text that is in the inbox now. */
export const isBehind = ({ settled, isDigested, took }: EndpointDelivery, edition: number): boolean =>
  settled === 'sent' && !isDigested && took < edition;

/** The endpoints of a decision. Those of the time before may still show the push, so they are kept. */
export function legsOf(
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
      until: null,
      digest: null,
      isDigested: false,
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

/** The end of a try that is still open and whose outcome nobody will tell. */
export const interrupted = ({ attemptId, endpointId, channel }: Attempt, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.unknown',
  data: { attemptId, endpointId, channel, class: 'interrupted', final: false, at },
});

/** The end of an endpoint that waits for something which is not to come any more. */
export const givenUp = (
  { endpointId, kind: channel }: EndpointDelivery,
  reason: string,
  at: IsoTime,
): DeliveryEvent => ({
  type: 'delivery.suppressed',
  data: { endpointId, channel, reason, at },
});

/** That `number` of the task is due at that time. */
export const followUpSet = (task: FollowUpTask, number: number, dueAt: IsoTime, at: IsoTime): DeliveryEvent => ({
  type: 'delivery.follow-up-set',
  data: { task, number, dueAt, at },
});
