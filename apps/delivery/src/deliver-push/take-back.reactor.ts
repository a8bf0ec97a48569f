import { Injectable } from '@nestjs/common';
import { Channel, ChannelRegistry, RefusalHolds, retryTime, SendResult } from '@hark/channels';
import { aadOf, DeliveryEvent, MessageEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent, stepContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { Delivery, EndpointDelivery, TakenBack } from '../domain/delivery.decider';
import { shownAt } from '../domain/delivery.take-back';
import { PushedMessages } from '../pushed-messages.store';
import { AttemptDeadlines } from './attempt-deadlines';
import { AttemptSlots } from './attempt-slots';
import { Collapses } from './collapses';
import { triedUntil } from './send-attempts';

type Due =
  Extract<MessageEvent, { type: 'message.recalled' }> | Extract<DeliveryEvent, { type: 'delivery.take-back-resumed' }>;
type Decided = Exclude<Delivery, { is: 'absent' }>;

const noRoom = { is: 'failed', class: 'THROTTLED', detail: 'share', putOff: true } as const;

/**
 * Takes a push that its sender recalled off the phones that show it, where their channel can; where it cannot, the
 * timeline says so. At least once: taking back what is gone changes nothing. Consent is not asked: the person gets nothing.
 */
@Injectable()
export class TakeBackReactor implements Reactor<Due> {
  readonly group = 'delivery.take-back';
  readonly reactsTo = ['message.recalled', 'delivery.take-back-resumed'];
  readonly concurrency = 32;
  readonly waitingMax = 256;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly consent: ConsentStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly slots: AttemptSlots,
    private readonly holds: RefusalHolds,
    private readonly deadlines: AttemptDeadlines,
    private readonly collapses: Collapses,
    private readonly clock: Clock,
  ) {}

  /** Who takes many back at once holds up nobody else. */
  ownerOf({ id }: RecordedEvent<Due>): string {
    return this.messages.known(id)?.ownerId ?? '';
  }

  async react(recorded: RecordedEvent<Due>): Promise<void> {
    const { id: pushId } = recorded;
    const context = reactionContext(recorded, 'delivery');
    const callOff = { type: 'CallOff', at: this.clock.now() } as const;
    const { state: delivery } = await this.deliveries.execute(pushId, callOff, stepContext(context, 'call-off'));
    if (delivery.is === 'absent') return;
    // A try under way ends within seconds, and may then show the push.
    if (delivery.legs.some(({ open }) => open !== null)) {
      throw new HarkError('unavailable', 'delivery.contended', 'a try of the push is under way');
    }
    for (const leg of shownAt(delivery)) {
      const result = await this.takeBack(recorded, delivery, leg);
      const { endpointId } = leg;
      const command = { type: 'TakeBack', endpointId, result, at: this.clock.now() } as const;
      await this.deliveries.execute(pushId, command, stepContext(context, `take-back:${endpointId}`));
    }
  }

  private async takeBack(recorded: RecordedEvent, delivery: Decided, leg: EndpointDelivery): Promise<TakenBack> {
    const channel = this.channels.get(leg.kind);
    if (!channel?.takeBack) return { is: 'left', reason: 'not-possible' };
    // Taking off what replaced it would lose that.
    if (await this.collapses.isReplaced(recorded, leg)) return { is: 'left', reason: 'replaced' };
    const { personId } = delivery;
    const user = await this.consent.user(personId);
    const endpoint = user.endpoints.find(({ endpointId, verified }) => endpointId === leg.endpointId && verified);
    const address = endpoint && (await this.vault.open(endpoint.address, aadOf.address(leg.endpointId)));
    if (address === undefined) return { is: 'left', reason: 'no-channel' };
    const name = leg.collapseKey ?? recorded.id;
    const result = await this.ask(channel, leg, JSON.parse(address), name, personId);
    if (result.is === 'sent') return { is: 'taken' };
    const tries = leg.takeBack.tries + 1;
    // The phone may show the push for as long as it could have got it.
    const retryAt = retryTime(result, { tries, at: this.clock.now(), until: triedUntil(delivery), repeatable: true });
    const reason = result.is === 'unknown' ? 'UNKNOWN_OUTCOME' : (result.reason ?? result.class);
    return { is: 'left', reason, ...(retryAt !== undefined && { retryAt }) };
  }

  private async ask(
    channel: Channel,
    { endpointId, kind }: EndpointDelivery,
    address: unknown,
    name: string,
    personId: string,
  ): Promise<SendResult> {
    const heldMs = this.holds.waitMs(endpointId);
    if (heldMs > 0) return { ...noRoom, retryAfterMs: heldMs };
    this.holds.undecided(endpointId);
    const giveBack = this.slots.takeFor({ personId }, kind, channel.serverOf(address));
    if (!giveBack) return noRoom;
    try {
      const asking = channel.takeBack!(address, name, personId);
      return await withTimeout(this.deadlines.sendMs, asking, () => ({ is: 'unknown', detail: 'deadline' }));
    } finally {
      giveBack();
    }
  }
}
