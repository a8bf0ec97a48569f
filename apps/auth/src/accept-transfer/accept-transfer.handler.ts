import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { acceptTransferRequest, authSubjects, RegisterAppReply, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { standingOwnerOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf, appView, knownApp } from '../domain/views';
import { Standings } from '../standings.store';

/** Takes over an app that was offered, with a new secret; the old ones work 24 h longer, unless they are revoked. */
@Controller()
@Requires('user')
export class AcceptTransferHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly standings: Standings,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.acceptTransfer)
  async handle(
    @Input(acceptTransferRequest, { appId: 'app.unknown' })
    { appId, revokeNow = false }: z.infer<typeof acceptTransferRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RegisterAppReply>> {
    const secret = issueCredential('app', appId, context.commandId, this.keys.secrets);
    const secretHash = hashCredential(secret);
    // Whoever gives it away must not leave penalties behind; whoever takes it brings their own standing.
    const isUnburdened = await this.standings.isUnburdened(
      standingOwnerOf(appId, knownApp((await this.apps.load(appId)).state)),
    );
    const accept = {
      type: 'AcceptTransfer',
      personId,
      secretHash,
      revokeNow,
      isUnburdened,
      at: this.clock.now(),
    } as const;
    const executed = await this.apps.execute(appId, accept, context);
    return replyTo(executed, { app: appView(appId, appOf(personId, executed.state), personId), secret });
  }
}
