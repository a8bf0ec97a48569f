import { Injectable } from '@nestjs/common';
import { aadOf, BindingEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { languageOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { bindingReplacedText } from './notice-words';
import { Notices } from './notices';

type Told = Extract<BindingEvent, { type: 'binding.refused' | 'binding.confirmed' }>;

/**
 * Tells two people that an app means one of them by a name under which the other had bound it: the one whose binding
 * ended by it, and the one who takes the place. Neither learns who the other is.
 */
@Injectable()
export class TellReplacedReactor implements Reactor<Told> {
  readonly group = 'delivery.tell-replaced';
  readonly reactsTo = ['binding.refused', 'binding.confirmed'];

  constructor(
    private readonly consent: ConsentStore,
    private readonly notices: Notices,
    private readonly vault: Vault,
  ) {}

  async react(recorded: RecordedEvent<Told>): Promise<void> {
    const { event, id: bindingId } = recorded;
    const hasEnded = event.type === 'binding.refused';
    if (hasEnded ? event.data.reason !== 'replaced' : event.data.replaced !== true) return;
    const binding = await this.consent.binding(bindingId);
    if (binding.is === 'absent') return;
    const { personId, appId, appName } = binding;
    const [user, app] = await Promise.all([this.consent.user(personId), this.consent.app(appId)]);
    const given = appName && (await this.vault.openOrClear(appName, aadOf.appName(bindingId)));
    const name = given ?? (app.is === 'registered' ? app.name : '');
    const text = bindingReplacedText(languageOf(user), { name, hasEnded });
    await this.notices.file(recorded, personId, hasEnded ? 'binding-replaced' : 'binding-confirmed', text);
  }
}
