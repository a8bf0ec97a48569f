import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, EnrolTotpReply, noFields, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { qrSvg } from '../domain/qr-svg';
import { base32, otpauthUri } from '../domain/totp';
import { SecondFactors } from '../second-factors.service';
import { UserStore } from '../user.store';

/** Somebody sets up a second factor: shows its secret once. It counts when a code of it was shown. */
@Controller()
@Requires('user')
export class EnrolTotpHandler {
  constructor(
    private readonly users: UserStore,
    private readonly factors: SecondFactors,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.enrolTotp)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<EnrolTotpReply>> {
    const secret = this.factors.secretOf(userId, context.commandId);
    const enrol = {
      type: 'EnrolTotp',
      enrolmentId: context.commandId,
      secret: await this.vault.seal(userId, secret.toString('base64'), aadOf.totpSecret(userId)),
      at: this.clock.now(),
    } as const;
    const executed = await this.users.execute(userId, enrol, context);
    const shown = base32(secret);
    const uri = otpauthUri(shown, userId);
    return replyTo(executed, { secret: shown, uri, qr: qrSvg(uri) });
  }
}
