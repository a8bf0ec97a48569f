import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { aadOf, authSubjects, logInRequest, parse, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, RequestContext, requestContextOf } from '@hark/nats';
import { commandContext, Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { WechatClient, WechatError, WechatSession } from '@hark/wechat';
import { SessionStore } from '../session.store';
import { SessionReplies } from '../session-replies.service';
import { Registration } from './registration';

@Controller()
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
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<SessionReply>> {
    const request = requestContextOf(context);
    const { code } = parse(logInRequest, body);
    // Looked up before the code is traded in: it is good for one exchange, so a repeat could not get that far again.
    const repeated = await this.earlierAnswer(request);
    if (repeated) return repeated;

    let traded: WechatSession;
    try {
      traded = await this.wechat.code2Session(code);
    } catch (error) {
      // A repeat that ran beside the first finds the code spent, and by now the answer there.
      const meanwhile = await this.earlierAnswer(request);
      if (meanwhile) return meanwhile;
      throw refused(error);
    }
    const { openid, sessionKey } = traded;
    const command = commandContext(request);
    const userId = await this.registration.ensure('wechat', openid, command, request.clientLocale);
    const sessionId = request.commandId;
    const { position } = await this.sessions.execute(
      sessionId,
      {
        type: 'Start',
        userId,
        provider: 'wechat',
        refreshHash: hashCredential(this.refreshToken(sessionId)),
        sessionKey: await this.vault.seal(userId, sessionKey, aadOf.sessionKey(sessionId)),
        at: this.clock.now(),
      },
      { ...command, creates: true },
    );
    return { body: await this.answer(sessionId), ...(position && { position }) };
  }

  private async earlierAnswer({ commandId, requestHash }: RequestContext): Promise<Reply<SessionReply> | undefined> {
    const { first } = await this.sessions.load(commandId);
    if (!first) return undefined;
    if (first.commandId === commandId && first.requestHash === requestHash) {
      return { body: await this.answer(commandId), replayed: true };
    }
    throw new HarkError('refused', 'idempotency.mismatch', 'the command id belongs to another login');
  }

  private async answer(sessionId: string): Promise<SessionReply> {
    const { state } = await this.sessions.load(sessionId);
    if (state.is !== 'live') throw new HarkError('refused', 'session.invalid', 'the session has ended');
    const { userId, startedAt, expiresAt } = state;
    const refreshToken = this.refreshToken(sessionId);
    return this.replies.answer({ sessionId, userId, refreshToken, issuedAt: startedAt, expiresAt });
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
