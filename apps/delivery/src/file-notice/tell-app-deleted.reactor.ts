import { Injectable } from '@nestjs/common';
import { BindingEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { BoundApps } from './bound-apps';
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
    private readonly boundApps: BoundApps,
    private readonly notices: Notices,
  ) {}

  async react(recorded: RecordedEvent<Unbound>): Promise<void> {
    if (recorded.event.data.reason !== 'app-deleted') return;
    const told = await this.boundApps.of(recorded.id);
    if (!told) return;
    await this.notices.file(recorded, told.personId, 'app-deleted', appDeletedText(told.locale, told.name));
  }
}
