import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, AppView, authSubjects, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { appOf, appView } from '../domain/views';
import { DomainProofs } from '../domain-proofs.service';

/** Looks for the proof now; with it the app is verified. Its name must not look like one that was verified before. */
@Controller()
@Requires('user')
export class ProveDomainHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly proofs: DomainProofs,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.proveDomain)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<AppView>> {
    const app = appOf(ownerId, (await this.apps.load(appId)).state);
    await this.names.checked(app.name, 'name', appId);
    const proof = this.proofs.of(appId, app);
    const by = await this.proofs.found(proof);
    if (by === undefined) throw new HarkError('refused', 'app.proof-missing', 'the proof is in neither place');
    const { domain } = proof;
    const executed = await this.apps.execute(
      appId,
      { type: 'ProveDomain', ownerId, proof: { by, domain }, at: this.clock.now() },
      context,
    );
    return replyTo(executed, appView(appId, appOf(ownerId, executed.state), ownerId));
  }
}
