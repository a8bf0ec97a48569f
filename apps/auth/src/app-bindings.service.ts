import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppEvent } from '@hark/contracts';
import { CommandContext, reactionContext, RecordedEvent, stepContext } from '@hark/eventstore';
import { HarkError, positionToken } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';

/** How many bindings are taken up together. */
const batchSize = 50;
/** One reaction takes up this many batches at most; the event comes back for the others. */
const batchesMax = 100;

/** All bindings of an app, for what happens to the app. */
@Injectable()
export class AppBindings {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  /**
   * Does `work` for every active binding of the event's app, as the table has them after the event, each with a context of its
   * own. Throws `app.bindings-left` where there are more than one reaction takes up.
   */
  async each(
    recorded: RecordedEvent<AppEvent>,
    work: (bindingId: string, context: CommandContext) => Promise<unknown>,
  ): Promise<void> {
    const { id: appId, position } = recorded;
    const context = reactionContext(recorded, 'auth');
    await this.readModel.waitForPosition(positionToken(position, 'app'));
    let after = '00000000-0000-0000-0000-000000000000';
    for (let batches = 0; batches < batchesMax; batches += 1) {
      const rows: { binding_id: string }[] = await this.database.query(
        `select binding_id from auth.bindings where app_id = $1 and status = 'active' and binding_id > $2
         order by binding_id limit ${batchSize}`,
        [appId, after],
      );
      await Promise.all(rows.map(({ binding_id: id }) => work(id, stepContext(context, id))));
      if (rows.length < batchSize) return;
      after = rows.at(-1)!.binding_id;
    }
    throw new HarkError('unavailable', 'app.bindings-left', 'the app has more bindings than one reaction takes up');
  }
}
