import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { Channels } from '@hark/channels';
import { aadOf, authSubjects, LogInCodeReply, parse, Reply, sendLogInCodeRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ChallengeCounts } from '../challenge-counts.service';
import { challengeCodeOf, codeHashOf } from '../domain/auth-ids';
import { logInCodeLifeMs } from '../domain/log-in.decider';
import { LogInStore } from '../log-in.store';

/**
 * Asks for a log-in code by mail. Everything here is the same for every address: whether somebody logs in by it is not looked
 * up, and the mail is sent by a reactor, after the answer.
 */
@Controller()
@Requires('anyone')
export class SendLogInCodeHandler {
  constructor(
    private readonly logIns: LogInStore,
    private readonly counts: ChallengeCounts,
    private readonly channels: Channels,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.sendLogInCode)
  async handle(
    @Input(sendLogInCodeRequest) { address: given }: z.infer<typeof sendLogInCodeRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { client, locale } }: HarkContext,
  ): Promise<Reply<LogInCodeReply>> {
    const { schema } = this.channels.registry.get('email')!.fields;
    const { address } = parse(schema as z.ZodType<{ address: string }>, { address: given });
    const challengeId = context.commandId;
    const command = { ...context, creates: true };
    const earlier = await this.logIns.repeatOf(challengeId, command);
    if (earlier) return replyTo(earlier, answer(challengeId));
    // The same for every address of this kind, known or not: it is a property of the mail server.
    if (await this.channels.logInMail.refuses(address)) throw unsupported();
    const at = this.clock.now();
    await this.counts.countLogIn({ challengeId, address, client, at }, context);
    const code = challengeCodeOf(challengeId, challengeId, this.keys.secrets);
    const challenge = {
      type: 'Challenge',
      address: await this.vault.seal(challengeId, address, aadOf.logIn(challengeId, 'address')),
      code: await this.vault.seal(challengeId, code, aadOf.logIn(challengeId, 'code')),
      codeHash: codeHashOf(challengeId, code, this.keys.secrets),
      locale,
      at,
    } as const;
    return replyTo(await this.logIns.execute(challengeId, challenge, command), answer(challengeId));
  }
}

const unsupported = () =>
  new HarkError('refused', 'session.address-unsupported', 'the mail server takes no address beyond ASCII');
const answer = (challengeId: string): LogInCodeReply => ({ challengeId, expiresIn: logInCodeLifeMs / 1_000 });
