import { Injectable } from '@nestjs/common';
import { AppEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { AppBindings } from '../app-bindings.service';
import { BindingStore } from '../binding.store';

type Deleted = Extract<AppEvent, { type: 'app.deleted' }>;

/**
 * Ends the bindings of a deleted app. One that the table has not seen yet can only be one that lost the race with the
 * deletion, and the gate refuses those by the app itself.
 */
@Injectable()
export class EndBindingsReactor implements Reactor<Deleted> {
  readonly group = 'auth.end-bindings';
  readonly reactsTo = ['app.deleted'];
  readonly concurrency = 2;

  constructor(
    private readonly appBindings: AppBindings,
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Deleted>): Promise<void> {
    const end = { type: 'EndWithApp', appId: recorded.id, at: this.clock.now() } as const;
    await this.appBindings.each(recorded, (bindingId, context) => this.bindings.execute(bindingId, end, context));
  }
}
