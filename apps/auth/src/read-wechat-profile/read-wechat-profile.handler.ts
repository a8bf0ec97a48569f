import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, Reply, WechatProfile, wechatProfile, wechatProfileRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError, plusMs } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { EncryptedUserData, isRawDataGenuine, WechatClient, WechatError } from '@hark/wechat';
import { providerUnavailable } from '../domain/provider-unavailable';
import { Registration } from '../registration.service';
import { SessionStore } from '../session.store';
import { UserStore } from '../user.store';

/** How long a session_key is used, in milliseconds, whatever WeChat says of it. */
export const sessionKeyLifeMs = 3 * 24 * 3_600_000;

type Asked = z.infer<typeof wechatProfileRequest>;

/**
 * Reads what WeChat encrypted for this session. Its key is checked with WeChat before use. Of it only the unionid is kept, as
 * at a log-in, and the ids by which WeChat knows somebody are not answered.
 */
@Controller()
@Requires('user')
export class ReadWechatProfileHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly registration: Registration,
    private readonly wechat: WechatClient,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.readWechatProfile)
  async handle(
    @Input(wechatProfileRequest) { encryptedData, iv, rawData, signature }: Asked,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { caller } }: HarkContext,
  ): Promise<Reply<WechatProfile>> {
    const { sessionKey, openid } = await this.keyOf(personId, caller.sessionId ?? '');
    if (!(await this.isHonoured({ sessionKey, openid }))) throw keyGone();
    if (rawData !== undefined && !isRawDataGenuine(rawData, sessionKey, signature ?? '')) {
      throw new HarkError('refused', 'wechat.signature', 'the signature is not that of rawData');
    }
    const nowMs = Date.parse(this.clock.now());
    const plain = this.decrypted({ encryptedData, iv, sessionKey }, nowMs);
    const { openId, unionId } = plain;
    // As at a log-in. The key is this openid's, so nobody else's data opens; what names another is not believed anyhow.
    if (openId === openid && isUnionId(unionId))
      await this.registration.ensure({ provider: 'wechat', subject: openid, unionId }, context);
    return { body: profileIn(plain) };
  }

  private decrypted(data: EncryptedUserData, nowMs: number): Readonly<Record<string, unknown>> {
    try {
      return this.wechat.decryptUserData(data, nowMs);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const code = error.detail.endsWith('watermark') ? 'wechat.watermark' : 'wechat.decrypt';
      throw new HarkError('refused', code, error.message, {}, { cause: error });
    }
  }

  private async keyOf(personId: string, sessionId: string): Promise<{ sessionKey: string; openid: string }> {
    const [{ state: session }, { state: user }] = await Promise.all([
      this.sessions.load(sessionId),
      this.users.load(personId),
    ]);
    if (session.is !== 'live' || session.sessionKey === null) throw keyGone();
    if (this.clock.now() >= plusMs(session.startedAt, sessionKeyLifeMs)) throw keyGone();
    // Sessions from before the openid was kept with them are of the person's only one.
    const subject = session.subject ?? user.subject;
    const aad = session.subject === null ? aadOf.subject(personId) : aadOf.sessionSubject(sessionId);
    if (subject === null) throw keyGone();
    const [sessionKey, openid] = await this.vault.openMany([
      { sealed: session.sessionKey, aad: aadOf.sessionKey(sessionId) },
      { sealed: subject, aad },
    ]);
    if (sessionKey === undefined || openid === undefined) throw keyGone();
    return { sessionKey, openid };
  }

  private async isHonoured(session: { sessionKey: string; openid: string }): Promise<boolean> {
    try {
      return await this.wechat.checkSession(session);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      throw providerUnavailable(error);
    }
  }
}

/** The fields that are answered, where they have the type that WeChat documents. */
function profileIn(plain: Readonly<Record<string, unknown>>): WechatProfile {
  const known = Object.entries(wechatProfile.shape).filter(([name, field]) => field.safeParse(plain[name]).success);
  return wechatProfile.parse(
    Object.fromEntries(known.flatMap(([name]) => (plain[name] === undefined ? [] : [[name, plain[name]]]))),
  );
}

const unionIdCharactersMax = 128;
const isUnionId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= unionIdCharactersMax;

const keyGone = () =>
  new HarkError('conflict', 'wechat.session-expired', 'WeChat does not honour the session_key any more');
