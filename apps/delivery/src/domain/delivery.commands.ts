import { IsoTime } from '@hark/kernel';
import { Attempt, DataOf, FollowUpTask } from './delivery.state';

/**
 * How a try ended. `unknown`: bytes left and no answer came. With `retryAt` the endpoint is put off until then. Without
 * it the endpoint is settled when `final`; otherwise another try is about to begin.
 */
export type Outcome =
  | { readonly is: 'sent'; readonly providerRef?: string; readonly leftOut?: 'link' }
  | { readonly is: 'failed'; readonly class: string; readonly reason?: string; readonly retryAt?: IsoTime }
  | { readonly is: 'unknown'; readonly class: string; readonly retryAt?: IsoTime; readonly final: boolean };

/** What may be asked of a delivery. */
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
  /** The try of the push `leadId` has told it, or `class` says why not. */
  | {
      readonly type: 'Digest';
      readonly endpointId: string;
      readonly leadId: string;
      readonly class?: string;
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
export type FollowUpCommand =
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

/** Whether what an endpoint shows was taken off it. Without `retryAt` it stays for good. */
export type TakenBack =
  { readonly is: 'taken' } | { readonly is: 'left'; readonly reason: string; readonly retryAt?: IsoTime };

/** What is asked of one endpoint that shows the push. */
export type TakeBackStep = Extract<DeliveryCommand, { type: 'TakeBack' | 'ResumeTakeBack' }>;

/** The first decision. */
export type Decide = Extract<DeliveryCommand, { type: 'Decide' }>;

/** What is decided about one endpoint. */
export type Step = Exclude<
  DeliveryCommand,
  TakeBackStep | FollowUpCommand | { type: 'Decide' | 'Replace' | 'CallOff' }
>;
