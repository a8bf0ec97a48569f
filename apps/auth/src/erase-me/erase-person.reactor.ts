import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UserEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent, stepContext } from '@hark/eventstore';
import { Clock, HarkError, positionToken } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { AppStore } from '../app.store';
import { BindingStore } from '../binding.store';
import { Farewell } from './farewell';

type Erased = Extract<UserEvent, { type: 'user.erased' }>;

const firstId = '00000000-0000-0000-0000-000000000000';
/** How many bindings or apps end together. */
const batchSize = 50;
/** A reaction ends this many at most; the event comes back for the others. */
const batchesMax = 100;

/**
 * Carries an erasure out (ADR 47): says so by mail, destroys the person's key, ends their bindings and deletes the apps they own. What
 * fails is done again from the start; what is done already stays as it is.
 */
@Injectable()
export class ErasePersonReactor implements Reactor<Erased> {
  readonly group = 'auth.erase-person';
  readonly reactsTo = ['user.erased'];
  readonly concurrency = 2;

  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly vault: Vault,
    private readonly farewell: Farewell,
    private readonly bindings: BindingStore,
    private readonly apps: AppStore,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Erased>): Promise<void> {
    const { id: personId, position } = recorded;
    await this.farewell.say(personId);
    // Before the rest, so that nothing new can be sealed for the person while the rest goes on.
    await this.vault.erase(personId);
    for (const category of ['binding', 'app']) await this.readModel.waitForPosition(positionToken(position, category));
    const at = this.clock.now();
    const context = (id: string) => stepContext(reactionContext(recorded, 'auth'), id);
    await this.each(
      'select binding_id as id from auth.bindings where person_id = $1 and binding_id > $2',
      personId,
      (id) => this.bindings.execute(id, { type: 'EndWithPerson', personId, at }, context(id)),
    );
    await this.each(
      'select app_id as id from auth.apps where owner_id = $1 and not deleted and app_id > $2',
      personId,
      (id) => this.apps.execute(id, { type: 'Delete', ownerId: personId, at }, context(id)),
    );
  }

  /** Runs `end` for each id that `sql` finds for the person, which takes the id after which it goes on as its second value. */
  private async each(sql: string, personId: string, end: (id: string) => Promise<unknown>): Promise<void> {
    let after = firstId;
    for (let batches = 0; batches < batchesMax; batches += 1) {
      const page = `${sql} order by 1 limit ${batchSize}`;
      const rows: { id: string }[] = await this.database.query(page, [personId, after]);
      await Promise.all(rows.map(({ id }) => end(id)));
      if (rows.length < batchSize) return;
      after = rows.at(-1)!.id;
    }
    throw new HarkError('unavailable', 'person.things-left', 'the person has more than ends at once');
  }
}
