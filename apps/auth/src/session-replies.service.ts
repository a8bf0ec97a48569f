import { createSecretKey, KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { SessionReply } from '@hark/contracts';
import { IsoTime, optional } from '@hark/kernel';
import { Keys } from '@hark/service';
import { DisplayNames } from './display-names.service';
import { idleMs } from './domain/session.decider';
import { UserStore } from './user.store';

/**
 * Life of an access token in seconds. A withdrawal takes effect within seconds all the same, because the gateway asks.
 */
export const accessTokenLifeS = 15 * 60;

/** What a session answers with: an access token (JWT, HS256, `at+jwt`) and the refresh token. */
@Injectable()
export class SessionReplies {
  private readonly key: KeyObject;

  constructor(
    private readonly users: UserStore,
    private readonly names: DisplayNames,
    keys: Keys,
  ) {
    this.key = createSecretKey(keys.session);
  }

  /** The same input at the same instant gives the same tokens, so parallel refreshes and repeats get equal answers. */
  async reply(session: {
    readonly sessionId: string;
    readonly userId: string;
    readonly refreshToken: string;
    /** When the pair was issued. */
    readonly issuedAt: IsoTime;
    readonly expiresAt: IsoTime;
  }): Promise<SessionReply> {
    const { sessionId, userId, refreshToken, issuedAt, expiresAt } = session;
    const { state: user } = await this.users.load(userId);
    const roles = ['user' as const, ...user.roles];
    const leftS = Math.floor((Date.parse(expiresAt) - Date.parse(issuedAt)) / 1_000);
    const expiresIn = Math.min(accessTokenLifeS, leftS);
    const iat = Math.floor(Date.parse(issuedAt) / 1_000);
    const accessToken = await new SignJWT({ roles, rv: user.rolesVersion, sid: sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('hark')
      .setAudience('hark')
      .setSubject(userId)
      .setIssuedAt(iat)
      .setExpirationTime(iat + expiresIn)
      .sign(this.key);
    const refreshExpiresIn = Math.min(idleMs / 1_000, leftS);
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn,
      refreshToken,
      refreshExpiresIn,
      user: { id: userId, roles, ...optional('displayName', await this.names.of(userId, user)) },
    };
  }
}
