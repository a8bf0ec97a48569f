import { Injectable } from '@nestjs/common';
import { aadOf, BindingEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { bindingFold, openidIdOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { OpenidStore } from '../openid.store';

type Unbound = Extract<BindingEvent, { type: 'binding.unbound' }>;

/**
 * Whoever ends a consent that the app had confirmed has said no: the app waits before it asks them again. Whom the app
 * never meant cannot keep it from asking whom it means. The openid has to be decrypted for it, which the end of the
 * consent does not wait for.
 */
@Injectable()
export class NoteNoReactor implements Reactor<Unbound> {
  readonly group = 'auth.note-no';
  readonly reactsTo = ['binding.unbound'];

  constructor(
    private readonly store: EventStore,
    private readonly openids: OpenidStore,
    private readonly vault: Vault,
  ) {}

  concerns({ event }: RecordedEvent<Unbound>): boolean {
    return event.data.reason === 'requested';
  }

  async react(recorded: RecordedEvent<Unbound>): Promise<void> {
    const { id: bindingId, revision, event } = recorded;
    const history = await this.store.read('binding', bindingId);
    const ended = history
      .filter((one) => one.revision < revision)
      .reduce((binding, one) => bindingFold.evolve(binding, one.event as BindingEvent), bindingFold.initial);
    if (ended.is === 'absent' || !ended.confirmed) return;
    const openid = await this.vault.open(ended.openid, aadOf.openid(bindingId));
    // Erased with its person.
    if (openid === undefined) return;
    const decline = { type: 'Decline', at: event.data.at } as const;
    await this.openids.execute(openidIdOf(ended.appId, openid), decline, reactionContext(recorded, 'auth'));
  }
}
