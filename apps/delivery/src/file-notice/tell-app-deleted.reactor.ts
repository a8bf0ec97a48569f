import { Injectable } from '@nestjs/common';
import { aadOf, BindingEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { languageOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { appDeletedText } from './notice-words';
import { Notices } from './notices';

type Unbound = Extract<BindingEvent, { type: 'binding.unbound' }>;

/**
 * Tells a person that an app which they allowed was deleted. The auth service ends an app's bindings some at a time, each
 * by an event of its own, so each person is told once and no reaction is longer than one notice.
 */
@Injectable()
export class TellAppDeletedReactor implements Reactor<Unbound> {
  readonly group = 'delivery.tell-app-deleted';
  readonly reactsTo = ['binding.unbound'];

  constructor(
    private readonly consent: ConsentStore,
    private readonly notices: Notices,
    private readonly vault: Vault,
  ) {}

  async react(recorded: RecordedEvent<Unbound>): Promise<void> {
    const { event, id: bindingId } = recorded;
    if (event.data.reason !== 'app-deleted') return;
    const binding = await this.consent.binding(bindingId);
    if (binding.is === 'absent') return;
    const { personId, appId, appName } = binding;
    const [user, app] = await Promise.all([this.consent.user(personId), this.consent.app(appId)]);
    const given = appName && (await this.vault.openOrClear(appName, aadOf.appName(bindingId)));
    const name = given ?? (app.is === 'absent' ? '' : app.name);
    await this.notices.file(recorded, personId, 'app-deleted', appDeletedText(languageOf(user), name));
  }
}
