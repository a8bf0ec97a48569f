import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, logInRequest, Reply, SessionReply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { HarkContext, RequestContext } from '@hark/nats';
import { KeyedQueue, pause } from '@hark/resilience';
import { CommandCtx, HubRefusals, Input, LimitGuesses, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { WechatClient, WechatError, WechatSession } from '@hark/wechat';
import { providerUnavailable } from '../domain/provider-unavailable';
import { Registration } from '../registration.service';
import { SessionStarts } from '../session-starts.service';

/** Log-ins with one code that may wait for the first of them. */
const waitingMax = 1_000;
/** How long a log-in waits for another replica that has traded its code in, and how often it looks. Milliseconds. */
const winnerMs = 1_000;
const lookMs = 50;
/** WeChat: the code was used already. */
const codeUsed = 40163;
/** What the operator is told about when WeChat refuses the hub itself. */
const logIns = 'wechat-log-in';

/**
 * Log-in by WeChat (ADR 40). A code is traded in once. Its session's id is a keyed hash of the code, so that a repeat
 * finds it, at whatever replica and after a restart.
 */
@Controller()
@Requires('anyone')
// A code cannot be guessed: what is limited are the calls to WeChat. Many people may log in from one address at once.
@LimitGuesses({ kind: 'log-in', wrong: ['session.code-invalid'], free: 100 })
export class LogInHandler {
  /** Log-ins with the same code do not race each other inside a process. */
  private readonly turns = new KeyedQueue({ waitingMax, refusal: tooMany });

  constructor(
    private readonly wechat: WechatClient,
    private readonly registration: Registration,
    private readonly starts: SessionStarts,
    private readonly vault: Vault,
    private readonly refusals: HubRefusals,
  ) {}

  @MessagePattern(authSubjects.logIn)
  handle(
    @Input(logInRequest) { code }: z.infer<typeof logInRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<SessionReply>> {
    const sessionId = this.vault.lookupId('wechat-code', code);
    return this.turns.run(sessionId, () => this.logIn(sessionId, code, context, request));
  }

  private async logIn(
    sessionId: string,
    code: string,
    context: CommandContext,
    { client, clientLocale }: RequestContext,
  ): Promise<Reply<SessionReply>> {
    const repeated = () => this.starts.repeated(sessionId, context, client, spent);
    const earlier = await repeated();
    if (earlier) return earlier;

    let traded: WechatSession;
    try {
      traded = await this.wechat.code2Session(code);
    } catch (error) {
      const isUsed = error instanceof WechatError && error.errcode === codeUsed;
      const winner = isUsed ? await this.winner(repeated) : undefined;
      if (winner) return winner;
      this.tellOperator(error);
      throw refused(error);
    }
    this.refusals.note(logIns, { is: 'sent' });
    const { openid, sessionKey, unionId } = traded;
    const userId = await this.registration.ensure(
      { provider: 'wechat', subject: openid, unionId },
      context,
      clientLocale,
    );
    const wechat = { sessionKey, openid };
    return this.starts.start({ sessionId, userId, provider: 'wechat', wechat }, context, client);
  }

  /** A wrong secret, or an address of the hub's that is not on WeChat's list, only the operator can mend. */
  private tellOperator(error: unknown): void {
    if (!(error instanceof WechatError) || error.providerClass !== 'CONFIG') return;
    this.refusals.note(logIns, { is: 'failed', reason: 'hub-refused', detail: error.detail });
  }

  /** The answer of another replica that has traded the code in and is about to start the session. */
  private async winner(
    repeated: () => Promise<Reply<SessionReply> | undefined>,
  ): Promise<Reply<SessionReply> | undefined> {
    for (let waitedMs = 0; waitedMs < winnerMs; waitedMs += lookMs) {
      const found = await repeated();
      if (found) return found;
      await pause(lookMs);
    }
    return undefined;
  }
}

function refused(error: unknown): unknown {
  if (!(error instanceof WechatError)) return error;
  const options = { cause: error };
  if (error.loginAgain) return spent(options);
  if (error.providerClass === 'RECIPIENT_REFUSED') {
    return new HarkError('refused', 'session.refused', 'WeChat refuses the account', {}, options);
  }
  return providerUnavailable(error);
}

const spent = (options: ErrorOptions = {}) =>
  new HarkError('refused', 'session.code-invalid', 'WeChat knows no such login code', {}, options);

const tooMany = () => new HarkError('unavailable', 'service.overloaded', 'too many log-ins wait for one code');
