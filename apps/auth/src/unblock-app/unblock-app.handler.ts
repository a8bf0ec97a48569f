import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { appIdRequest, authSubjects, Reply } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, latestPosition } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { UserStore } from '../user.store';

/** The bindings of one app that a person may have blocked; a repeat of the call takes up those beyond. */
const bindingsMax = 100;

/**
 * Lets an app ask for consent again; revives no consent: what was blocked reads as ended. Does nothing for an app that is
 * not blocked or does not exist.
 */
@Controller()
@Requires('user')
export class UnblockAppHandler {
  constructor(
    private readonly users: UserStore,
    private readonly bindings: BindingStore,
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unblock)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    const at = this.clock.now();
    const executed = await this.users.execute(personId, { type: 'UnblockApp', appId, at }, context);
    // Every block from before it is in the table by then. A call cut off here is finished by the next one.
    await this.readModel.waitForPosition(executed.position);
    const rows: { binding_id: string }[] = await this.database.query(
      `select binding_id from auth.bindings where person_id = $1 and app_id = $2 and status = 'blocked'
       order by place desc, binding_id desc limit ${bindingsMax}`,
      [personId, appId],
    );
    const unblocked = await Promise.all(
      rows.map(({ binding_id: id }) =>
        this.bindings.execute(id, { type: 'Unblock', personId, at }, stepContext(context, id)),
      ),
    );
    const position = latestPosition([executed, ...unblocked].map((one) => one.position));
    return replyTo({ ...executed, position }, {});
  }
}
