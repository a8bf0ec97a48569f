import type { z } from 'zod';
import type { LocalContent, Locale } from '@hark/contracts';
import type { FailureClass } from '@hark/outbound';

/** A step of a thread, such as 2, 已出发. */
export interface ThreadStep {
  readonly index: number;
  readonly label?: string;
}

/** One push on its way to one endpoint. Texts are the app's own, already moderated; nothing here changes their words. */
export interface Notification extends LocalContent {
  readonly deliveryId: string;
  /** The same for every attempt of this delivery, so that the provider or the reader can drop a second copy. */
  readonly dedupeId: string;
  readonly appName: string;
  /** Nobody has proved that the app is who its name says. Channels must say so beside the name. */
  readonly appVerified: boolean;
  readonly appId?: string;
  /** Whose endpoint this is and, where known, whose app sends. Shared budgets are divided by these two. */
  readonly personId: string;
  readonly ownerId?: string;
  /** When the person proved this endpoint last, ISO 8601: a channel may ask its provider whether it changed hands since. */
  readonly provenAt?: string;
  /** Names what a later push replaces on a phone: the sender's `collapseId`, told apart by binding. */
  readonly collapseKey?: string;
  readonly priority: 'low' | 'normal' | 'high' | 'critical';
  readonly level: 'strong' | 'weak';
  /** Arrive without sound or banner whatever the level. */
  readonly silent?: boolean;
  /**
   * Makes the address that mutes or ends the binding, or complains about the push, without logging in, or opens it in the
   * inbox: the same each time. Absent where the hub knows no address of its own.
   */
  readonly mailLinks?: (to: 'mute' | 'unbind' | 'complain' | 'open') => string;
  /** Reads the steps of the thread that came before, in their order; absent for what is no step. Throws while it cannot. */
  readonly earlierSteps?: () => Promise<readonly ThreadStep[]>;
  /** It is the hub's own: no app sent it, and there is no consent to end. */
  readonly ofTheHub?: true;
  /** It is the hub's own and says how many messages of whom have come. */
  readonly digest?: true;
  readonly locale: Locale;
  /** When the hub accepted the push, ISO 8601. */
  readonly receivedAt: string;
}

/**
 * A failure that its class does not explain. `redirected`: the server answered with a redirect; redirects are never
 * followed · `hub-refused`: the server refuses the hub's log-in, sender or credential, which the operator must mend,
 * not the person · `not-found`: the server knows no such path. One answer may be a deployment under way, a day of them
 * is an address that has gone · `owner-changed`: whoever has the address now is not who proved it.
 */
export type FailureReason = 'redirected' | 'hub-refused' | 'not-found' | 'owner-changed' | 'address-unsupported';

/**
 * The outcome of one attempt. `sent`: the provider took it, nobody has seen it yet; `leftOut` names a part of the note
 * that this channel could not carry, `signed` that the receiver showed in its answer that it has the endpoint's secret · `failed`: it certainly did not arrive; `class` says what to do and
 * `retryAfterMs`, where known, when · `unknown`: bytes left, no answer came. `putOff`: the hub held it back itself
 * because of a budget, a share or a breaker; nothing was sent, it does not count as a try, and the class is a transient
 * one. `detail` holds codes only: no text, key, address or host.
 */
export type SendResult =
  | { readonly is: 'sent'; readonly providerRef?: string; readonly leftOut?: 'link'; readonly signed?: true }
  | {
      readonly is: 'failed';
      readonly class: FailureClass;
      readonly detail: string;
      readonly reason?: FailureReason;
      readonly retryAfterMs?: number;
      readonly putOff?: true;
    }
  | { readonly is: 'unknown'; readonly detail: string };

/** The fields of a kind: how to check what a person typed, and which of them are never shown again. */
export interface EndpointFields<Endpoint = unknown> {
  /** Also normalises, e.g. a pasted URL; parsing its result again changes nothing. */
  readonly schema: z.ZodType<Endpoint>;
  readonly secret: readonly string[];
  /** A field that its person does not type: the hub fills in the openid they log in with. */
  readonly filledIn?: 'openid';
  /** What a browser must be given before it can make an endpoint of this kind: the hub's public key (RFC 8292 section 3). */
  readonly applicationServerKey?: string;
}

/** A way to reach a person. `endpoint` is always what `fields.schema` made of the kind's own fields. */
export interface Channel {
  readonly kind: string;
  readonly fields: EndpointFields;
  /** True when trying again after `unknown` cannot reach the person twice. */
  readonly repeatable: boolean;
  /** A message with the id of an earlier one takes its place for the person, so a changed text can be shown. */
  readonly replaces?: true;
  /**
   * Takes a message off the phone that was sent under `name`, its `collapseKey` or `dedupeId`. Doing it again, or where
   * there is none, changes nothing. Absent where what is sent cannot be taken back.
   */
  takeBack?(endpoint: unknown, name: string, personId: string): Promise<SendResult>;
  /** Each message uses up one that the person granted beforehand. Whoever sends keeps the count. */
  readonly spendsCredits?: true;
  /**
   * The same text for the same destination however it was written, for keyed hashes and limits. Secret; never log it.
   */
  identify(endpoint: unknown): string;
  /** The server that the person chose for this endpoint; undefined when it is the hub's configured one. */
  serverOf(endpoint: unknown): string | undefined;
  /** The endpoint as a person may see it again: secrets masked. */
  show(endpoint: unknown): Record<string, string>;
  /** Sends a verification code to the person once. Never throws. */
  challenge(endpoint: unknown, code: string, locale: Locale, personId: string): Promise<SendResult>;
  /** Sends once and retries nothing. Never throws. */
  send(endpoint: unknown, note: Notification): Promise<SendResult>;
}
