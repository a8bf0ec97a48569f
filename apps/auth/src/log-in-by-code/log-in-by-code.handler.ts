import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, authSubjects, logInByCodeRequest, Reply, SessionReply } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, LimitGuesses, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ChallengeCounts } from '../challenge-counts.service';
import { codeHashOf, endpointIdOf } from '../domain/auth-ids';
import { challengeOver, LogIn, logInGuessesMax } from '../domain/log-in.decider';
import { LogInStore } from '../log-in.store';
import { Registration } from '../registration.service';
import { SessionStarts } from '../session-starts.service';
import { UserStore } from '../user.store';

/** Log-in by the code that was mailed (ADR 40). A challenge starts one session. */
@Controller()
@Requires('anyone')
// One mailbox has three codes a day with five tries each: nobody honest is wrong more often than that.
@LimitGuesses({ kind: 'log-in-code', wrong: ['session.code-wrong', 'session.challenge-over'], free: 20 })
export class LogInByCodeHandler {
  constructor(
    private readonly logIns: LogInStore,
    private readonly registration: Registration,
    private readonly starts: SessionStarts,
    private readonly counts: ChallengeCounts,
    private readonly users: UserStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.logInByCode)
  async handle(
    @Input(logInByCodeRequest) { challengeId, code }: z.infer<typeof logInByCodeRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { client, clientLocale } }: HarkContext,
  ): Promise<Reply<SessionReply>> {
    const prove = {
      type: 'Prove',
      codeHash: codeHashOf(challengeId, code.trim(), this.keys.secrets),
      guessId: context.commandId,
      at: this.clock.now(),
    } as const;
    const { state: logIn } = await this.logIns.execute(challengeId, prove, stepContext(context, 'prove'));
    if (logIn.is !== 'proven') throw wrong(logIn);
    const sessionId = this.vault.lookupId('log-in-code', challengeId);
    const earlier = await this.starts.repeated(sessionId, context, client, challengeOver);
    if (earlier) return earlier;
    const address = await this.vault.open(logIn.address, aadOf.logIn(challengeId, 'address'));
    if (address === undefined) throw challengeOver();
    const subject = this.channels.get('email')!.identify({ address });
    const userId = await this.registration.ensure({ provider: 'email', subject }, context, clientLocale);
    const answer = await this.starts.start({ sessionId, userId, provider: 'email' }, context, client);
    await this.counts.proved(address, client, this.clock.now(), context);
    await this.proveMailbox(userId, subject, context);
    await this.vault.erase(challengeId);
    return answer;
  }

  /** Whoever logs in by a mailbox has it, so as an endpoint of theirs it is proven too. */
  private async proveMailbox(userId: string, mailbox: string, context: CommandContext): Promise<void> {
    const endpointId = endpointIdOf(userId, 'email', this.vault.lookupHash('address:email', mailbox));
    const at = this.clock.now();
    const note = { type: 'NoteProof', endpointId, by: 'log-in', sentAt: at, at } as const;
    await this.users.execute(userId, note, stepContext(context, 'prove-mailbox'));
  }
}

const wrong = (logIn: LogIn) =>
  new HarkError('refused', 'session.code-wrong', 'that is not the code of this challenge', {
    extra: { left: logIn.is === 'absent' ? 0 : logInGuessesMax - logIn.guesses.length },
  });
