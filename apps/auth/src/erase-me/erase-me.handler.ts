import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, EraseMeReply, noFields, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, plusMs } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { UserStore } from '../user.store';

/** How long what follows the answer takes at most while the stores are there, in milliseconds. */
const erasureMs = 60_000;

/**
 * Erases the caller for good. Once it is answered, nothing is decided for them any more; a reactor destroys their key and
 * ends what was theirs.
 */
@Controller()
@Requires('user')
export class EraseMeHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.eraseMe)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<EraseMeReply>> {
    const at = this.clock.now();
    const executed = await this.users.execute(personId, { type: 'Erase', at }, context);
    return replyTo(executed, { status: 'erasing', finishedBy: plusMs(at, erasureMs) });
  }
}
