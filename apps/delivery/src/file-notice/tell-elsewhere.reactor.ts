import { Injectable } from '@nestjs/common';
import { ChannelRegistry, Notification } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Endpoint, languageOf } from '@hark/gate';
import { Clock, uuid5 } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { endpointDisabledText, isDoubt } from './notice-words';
import { ShownEndpoints } from './shown-endpoints';

type Disabled = Extract<UserEvent, { type: 'user.endpoint-disabled' }>;

/** So many of a person's other endpoints are tried, one after the other, until one takes the message. */
const triesMax = 3;

/**
 * Tells a person by another endpoint of theirs that one may have changed hands: who has lost one may not see its code. Tried
 * once; it stands in their inbox anyway. An event that comes again may tell again; the receiver drops the copy.
 */
@Injectable()
export class TellElsewhereReactor implements Reactor<Disabled> {
  readonly group = 'delivery.tell-elsewhere';
  readonly reactsTo = ['user.endpoint-disabled'];

  constructor(
    private readonly consent: ConsentStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly shown: ShownEndpoints,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Disabled>): Promise<void> {
    const { event, id: personId, eventId } = recorded;
    const { endpointId, reason } = event.data;
    if (!isDoubt(reason)) return;
    const user = await this.consent.user(personId);
    const doubted = user.endpoints.find((one) => one.endpointId === endpointId);
    if (!doubted) return;
    const locale = languageOf(user);
    const { kind } = doubted;
    const text = endpointDisabledText(locale, { kind, shown: await this.shown.of(doubted), reason });
    const noteId = uuid5(eventId, 'elsewhere');
    const ids = { deliveryId: noteId, dedupeId: noteId, personId };
    const hub = { appName: 'Hark', appVerified: true, ofTheHub: true, priority: 'normal', level: 'strong' } as const;
    const note = { ...ids, ...hub, ...text, locale, receivedAt: this.clock.now() };
    const others = user.endpoints.filter((one) => one.verified && !this.channels.get(one.kind)?.spendsCredits);
    for (const other of others.slice(0, triesMax)) if (await this.send(other, note)) return;
  }

  private async send({ kind, endpointId, address }: Endpoint, note: Notification): Promise<boolean> {
    const opened = await this.vault.open(address, aadOf.address(endpointId));
    if (opened === undefined) return false;
    const result = await this.channels.get(kind)?.send(JSON.parse(opened), note);
    return result?.is === 'sent';
  }
}
