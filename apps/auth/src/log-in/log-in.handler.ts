import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, logInRequest, Reply, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { WechatClient, WechatError, WechatSession } from '@hark/wechat';
import { SessionStore } from '../session.store';
import { SessionReplies } from '../session-replies.service';
import { Registration } from './registration';

@Controller()
@Requires('anyone')
export class LogInHandler {
  constructor(
    private readonly wechat: WechatClient,
    private readonly registration: Registration,
    private readonly sessions: SessionStore,
    private readonly replies: SessionReplies,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.logIn)
  async handle(
    @Input(logInRequest) { code }: z.infer<typeof logInRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { clientLocale } }: HarkContext,
  ): Promise<Reply<SessionReply>> {
    const sessionId = context.commandId;
    const command = { ...context, creates: true };
    // Looked up before the code is exchanged: a code works once, so a repeat could not get past the exchange.
    if (await this.sessions.repeatOf(sessionId, command)) return this.repeated(sessionId);

    let traded: WechatSession;
    try {
      traded = await this.wechat.code2Session(code);
    } catch (error) {
      // A repeat that ran beside the first finds the code spent; the first one's answer is there by now.
      if (await this.sessions.repeatOf(sessionId, command)) return this.repeated(sessionId);
      throw refused(error);
    }
    const { openid, sessionKey } = traded;
    const userId = await this.registration.ensure('wechat', openid, context, clientLocale);
    const executed = await this.sessions.execute(
      sessionId,
      {
        type: 'Start',
        userId,
        provider: 'wechat',
        refreshHash: hashCredential(this.refreshToken(sessionId)),
        sessionKey: await this.vault.seal(userId, sessionKey, aadOf.sessionKey(sessionId)),
        at: this.clock.now(),
      },
      command,
    );
    return replyTo(executed, await this.session(sessionId));
  }

  private async repeated(sessionId: string): Promise<Reply<SessionReply>> {
    return { body: await this.session(sessionId), replayed: true };
  }

  private async session(sessionId: string): Promise<SessionReply> {
    const { state } = await this.sessions.load(sessionId);
    if (state.is !== 'live') throw new HarkError('refused', 'session.invalid', 'the session has ended');
    const { userId, startedAt, expiresAt } = state;
    const refreshToken = this.refreshToken(sessionId);
    return this.replies.reply({ sessionId, userId, refreshToken, issuedAt: startedAt, expiresAt });
  }

  private refreshToken(sessionId: string): string {
    return issueCredential('refresh', sessionId, sessionId, this.keys.secrets);
  }
}

function refused(error: unknown): unknown {
  if (!(error instanceof WechatError)) return error;
  const options = { cause: error };
  if (error.loginAgain || error.providerClass === 'BAD_REQUEST') {
    return new HarkError('refused', 'session.code-invalid', 'WeChat knows no such login code', {}, options);
  }
  if (error.providerClass === 'RECIPIENT_REFUSED') {
    return new HarkError('refused', 'session.refused', 'WeChat refuses the account', {}, options);
  }
  return new HarkError('unavailable', 'session.provider-unavailable', error.message, {}, options);
}
