import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, authSubjects, ProofView, Reply } from '@hark/contracts';
import { Input, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf } from '../domain/views';
import { DomainProofs } from '../domain-proofs.service';

/** Tells an app's owner what to publish where. */
@Controller()
@Requires('user')
export class GetProofHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly proofs: DomainProofs,
  ) {}

  @MessagePattern(authSubjects.getProof)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() ownerId: string,
  ): Promise<Reply<ProofView>> {
    return { body: this.proofs.of(appId, appOf(ownerId, (await this.apps.load(appId)).state)) };
  }
}
