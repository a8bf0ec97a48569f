import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent, stepContext } from '@hark/eventstore';
import { Clock, HarkError, positionToken } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { BindingStore } from '../binding.store';

type Deleted = Extract<AppEvent, { type: 'app.deleted' }>;

/** How many bindings end together. */
const batchSize = 50;
/** A reaction ends this many at most; the event comes back for the others. */
const batchesMax = 100;

/**
 * Ends the bindings of a deleted app. Which ones there are is read from the table as it is after the deletion; a binding
 * that the table has not seen yet can only be one that lost the race with the deletion, and the gate refuses those by the
 * app itself.
 */
@Injectable()
export class EndBindingsReactor implements Reactor<Deleted> {
  readonly group = 'auth.end-bindings';
  readonly reactsTo = ['app.deleted'];
  readonly concurrency = 2;

  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Deleted>): Promise<void> {
    const { id: appId, position } = recorded;
    await this.readModel.waitForPosition(positionToken(position, 'app'));
    let after = '00000000-0000-0000-0000-000000000000';
    for (let batches = 0; batches < batchesMax; batches += 1) {
      const rows: { binding_id: string }[] = await this.database.query(
        `select binding_id from auth.bindings where app_id = $1 and status = 'active' and binding_id > $2
         order by binding_id limit ${batchSize}`,
        [appId, after],
      );
      await Promise.all(rows.map(({ binding_id }) => this.end(binding_id, recorded)));
      if (rows.length < batchSize) return;
      after = rows.at(-1)!.binding_id;
    }
    throw new HarkError('unavailable', 'app.bindings-left', 'the app has more bindings than end at once');
  }

  private async end(bindingId: string, recorded: RecordedEvent<Deleted>): Promise<void> {
    const command = { type: 'EndWithApp', appId: recorded.id, at: this.clock.now() } as const;
    await this.bindings.execute(bindingId, command, stepContext(reactionContext(recorded, 'auth'), bindingId));
  }
}
