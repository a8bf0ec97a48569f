import { Injectable } from '@nestjs/common';
import { AppEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { AppBindings } from '../app-bindings.service';
import { BindingStore } from '../binding.store';

type Transferred = Extract<AppEvent, { type: 'app.transferred' }>;

/** Notes in every binding of an app that it has another owner, so that each of its people is told. */
@Injectable()
export class NoteTransferReactor implements Reactor<Transferred> {
  readonly group = 'auth.note-transfer';
  readonly reactsTo = ['app.transferred'];
  readonly concurrency = 2;

  constructor(
    private readonly appBindings: AppBindings,
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Transferred>): Promise<void> {
    const { id: appId, event } = recorded;
    const note = { type: 'NoteTransfer', appId, transferredAt: event.data.at, at: this.clock.now() } as const;
    await this.appBindings.each(recorded, (bindingId, context) => this.bindings.execute(bindingId, note, context));
  }
}
