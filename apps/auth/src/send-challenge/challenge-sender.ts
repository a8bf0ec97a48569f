import { Injectable } from '@nestjs/common';
import { Channel, ChannelRegistry, hubRetryMs, RefusalHolds, retryTime, SendResult } from '@hark/channels';
import { aadOf } from '@hark/contracts';
import { reactionContext, RecordedEvent, stepContext } from '@hark/eventstore';
import { Endpoint, languageOf, User } from '@hark/gate';
import { Clock, Logger, plusMs } from '@hark/kernel';
import { HubRefusals } from '@hark/service';
import { Vault } from '@hark/vault';
import { troubleOf } from '../domain/trouble-of';
import { UserCommand } from '../domain/user.decider';
import { UserStore } from '../user.store';
import { ChallengeSlots } from './challenge-slots';

/** A challenge whose code is to be sent. */
export interface Challenge {
  readonly user: User;
  readonly endpoint: Endpoint & { readonly challenge: NonNullable<Endpoint['challenge']> };
}

const noRoom = { is: 'failed', class: 'THROTTLED', detail: 'share', putOff: true } as const satisfies SendResult;

/**
 * Sends a challenge's code once, through the endpoint that it proves. A code that the provider does not take yet is put
 * off by an event, as long as it is valid; one that it never will take is recorded as failed, for its person to see. A
 * signed answer proves the endpoint: its server has the secret that its person typed.
 */
@Injectable()
export class ChallengeSender {
  constructor(
    private readonly users: UserStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly slots: ChallengeSlots,
    private readonly refusals: HubRefusals,
    private readonly holds: RefusalHolds,
    private readonly log: Logger,
  ) {}

  /**
   * `cause`: the event in the person's stream that has the code sent. A redelivery may send the same code again; the
   * channel marks it as a copy.
   */
  async send({ user, endpoint }: Challenge, cause: RecordedEvent): Promise<void> {
    const { endpointId, kind, challenge } = endpoint;
    const channel = this.channels.get(kind);
    const [address, code] = await this.vault.openMany([
      { sealed: endpoint.address, aad: aadOf.address(endpointId) },
      { sealed: challenge.code, aad: aadOf.code(endpointId) },
    ]);
    if (!channel || address === undefined || code === undefined) return;
    const result = await this.tryOnce(
      channel,
      JSON.parse(address),
      (opened) => channel.challenge(opened, code, languageOf(user), cause.id),
      cause.id,
    );
    this.refusals.note(kind, result);
    if (result.is === 'sent') this.holds.relented(kind);
    else if (result.is === 'failed' && result.reason === 'hub-refused')
      this.holds.refused(kind, plusMs(this.clock.now(), hubRetryMs));
    else if (result.is !== 'failed' || !result.putOff) this.holds.undecided(kind);
    if (result.is === 'sent') {
      if (!result.signed) return;
      const answer = { type: 'TakeAnswer', endpointId, codeHash: challenge.codeHash, at: this.clock.now() } as const;
      await this.users.execute(cause.id, answer, stepContext(reactionContext(cause, 'auth'), 'answered'));
      return;
    }
    this.log.info({ kind, eventId: cause.eventId, detail: result.detail }, 'a code was not taken');
    await this.users.execute(
      cause.id,
      outcomeOf(result, endpoint, channel, this.clock.now()),
      stepContext(reactionContext(cause, 'auth'), 'unsent'),
    );
  }

  private async tryOnce(
    channel: Channel,
    address: unknown,
    send: (address: unknown) => Promise<SendResult>,
    personId: string,
  ): Promise<SendResult> {
    const server = channel.serverOf(address);
    const place =
      server === undefined
        ? ([['channel', channel.kind]] as const)
        : ([
            ['server', server],
            ['foreign', ''],
          ] as const);
    const heldMs = this.holds.waitMs(channel.kind);
    if (heldMs > 0) return { ...noRoom, detail: 'held', retryAfterMs: heldMs };
    const giveBack = this.slots.take([['user', personId], ...place]);
    if (!giveBack) return noRoom;
    try {
      return await send(address);
    } finally {
      giveBack();
    }
  }
}

function outcomeOf(
  result: Exclude<SendResult, { is: 'sent' }>,
  { endpointId, challenge: { codeHash, expiresAt, sending } }: Challenge['endpoint'],
  { repeatable }: Channel,
  at: string,
): UserCommand {
  const isBusy = result.is === 'failed' && result.putOff === true;
  const tries = 1 + (isBusy ? sending.putOffs : sending.tries);
  const retryAt = retryTime(result, { tries, at, until: expiresAt, repeatable });
  const trouble = result.is === 'unknown' ? 'not-reached' : troubleOf(result.class, result.reason);
  if (retryAt === undefined) return { type: 'FailChallenge', endpointId, codeHash, reason: trouble, at };
  const number = sending.deferrals + 1;
  return { type: 'DeferChallenge', endpointId, codeHash, number, reason: isBusy ? 'busy' : trouble, retryAt, at };
}
