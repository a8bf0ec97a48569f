import { Injectable } from '@nestjs/common';
import { BindingEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { BoundApps } from './bound-apps';
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
    private readonly boundApps: BoundApps,
    private readonly notices: Notices,
  ) {}

  async react(recorded: RecordedEvent<Told>): Promise<void> {
    const { event } = recorded;
    const hasEnded = event.type === 'binding.refused';
    if (hasEnded ? event.data.reason !== 'replaced' : event.data.replaced !== true) return;
    const told = await this.boundApps.of(recorded.id);
    if (!told) return;
    await this.notices.file(
      recorded,
      told.personId,
      hasEnded ? 'binding-replaced' : 'binding-confirmed',
      bindingReplacedText(told.locale, { name: told.name, hasEnded }),
    );
  }
}
