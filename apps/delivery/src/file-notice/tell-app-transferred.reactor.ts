import { Injectable } from '@nestjs/common';
import { BindingEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { BoundApps } from './bound-apps';
import { appTransferredText } from './notice-words';
import { Notices } from './notices';

type Transferred = Extract<BindingEvent, { type: 'binding.app-transferred' }>;

/** Tells a person that an app which they allowed belongs to somebody else now: their consent was not given to them. */
@Injectable()
export class TellAppTransferredReactor implements Reactor<Transferred> {
  readonly group = 'delivery.tell-app-transferred';
  readonly reactsTo = ['binding.app-transferred'];

  constructor(
    private readonly boundApps: BoundApps,
    private readonly notices: Notices,
  ) {}

  async react(recorded: RecordedEvent<Transferred>): Promise<void> {
    const told = await this.boundApps.of(recorded.id);
    if (!told) return;
    await this.notices.file(recorded, told.personId, 'app-transferred', appTransferredText(told.locale, told.name));
  }
}
