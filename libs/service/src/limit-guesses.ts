import { Reflector } from '@nestjs/core';
import { Caller, RequestContext } from '@hark/nats';

/** How the tries at one secret are limited. */
export interface GuessRule {
  /** What is guessed: each kind is counted by itself. Kept in the database for a day at most. */
  readonly kind: string;
  /** The codes that the handler throws for a wrong try. Whatever else it throws or answers gives the try back. */
  readonly wrong: readonly string[];
  /**
   * The secret has 128 random bits or more, so the right one is always taken, and only wrong ones are counted: neither
   * the limit nor an absent database can hold up who knows it.
   */
  readonly unguessable?: true | ((data: Readonly<Record<string, unknown>>) => boolean);
  /** How many wrong tries are free before each costs a wait; ten unless said otherwise. */
  readonly free?: number;
  /** At whom or what the guess is directed, from the request's data as it came, unchecked. */
  account?(data: Readonly<Record<string, unknown>>): unknown;
}

/**
 * Limits how often wrong secrets can be tried at a handler, or at all of a class, for all replicas together
 * (`GuessLimits`). A call beyond the limit is answered `request.too-many-guesses`, 429 with Retry-After, before the
 * handler runs. Handlers that require `app`, `credential` or `owner-or-app` are limited without it. All it takes is this line, for example at a handler that redeems six digits sent by mail:
 *
 *     @LimitGuesses({ kind: 'mail-code', wrong: ['session.code-invalid'], account: ({ challengeId }) => challengeId })
 *
 * A wrong try counts for the person who is logged in, or whose earlier session the client shows, and else for the
 * source address. A handler that records a wrong try as an event has to throw the code afterwards.
 */
export const LimitGuesses = Reflector.createDecorator<GuessRule>();

/** Wherever a key or secret is part of the data, wrong ones are counted. */
export const credentialRule: GuessRule = { kind: 'credential', wrong: ['key.invalid'], unguessable: true };

/** Who tries, or undefined for the hub's own services, which guess nothing. */
export function guesserOf({ caller }: Pick<RequestContext, 'caller'>): string | undefined {
  if (caller.kind === 'service') return undefined;
  const person = caller.userId ?? caller.knownUserId;
  return person === undefined ? `source:${sourceOf(caller)}` : `user:${person}`;
}

/** All callers without a source are one: the gateway always says it. */
const sourceOf = ({ source }: Caller): string => source ?? 'unknown';
