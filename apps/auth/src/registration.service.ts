import { Injectable } from '@nestjs/common';
import { aadOf, Locale } from '@hark/contracts';
import { CommandContext, stepContext } from '@hark/eventstore';
import { User } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { Admins } from './admins.service';
import { LogInSubject } from './domain/log-in-subject';
import { Identities } from './identities.service';
import { Languages } from './languages.store';
import { UserStore } from './user.store';

/** Registers the person who logs in: who they are, their language, their roles. */
@Injectable()
export class Registration {
  constructor(
    private readonly identities: Identities,
    private readonly users: UserStore,
    private readonly languages: Languages,
    private readonly vault: Vault,
    private readonly admins: Admins,
    private readonly clock: Clock,
  ) {}

  /** The person's id, always the same for the same log-in until they are erased. Repeating it changes nothing. */
  async ensure(who: LogInSubject, command: CommandContext, clientLocale?: Locale): Promise<string> {
    const userId = await this.identities.userOf(who, command);
    const { provider, subject, unionId } = who;
    const { state: user } = await this.users.load(userId);
    const subjectHash = this.vault.lookupHash(provider, subject);
    if (!user.registered) {
      const register = {
        type: 'Register',
        provider,
        subject: await this.vault.seal(userId, subject, aadOf.subject(userId)),
        subjectHash,
        at: this.clock.now(),
      } as const;
      await this.users.execute(userId, register, stepContext(command, 'register'));
    } else if (provider === 'wechat') {
      await this.add(userId, user, { provider, subject, subjectHash }, command);
    }
    if (unionId !== undefined) await this.learnUnionId(userId, unionId, command);
    await this.languages.learn(userId, clientLocale, command);
    const { state: known } = await this.users.load(userId);
    await this.admins.settle(userId, known, command);
    return userId;
  }

  /** Keeps WeChat's unionid with the person. */
  private async learnUnionId(userId: string, unionId: string, command: CommandContext): Promise<void> {
    const { state: user } = await this.users.load(userId);
    const provider = 'wechat-union';
    const subjectHash = this.vault.lookupHash(provider, unionId);
    await this.add(userId, user, { provider, subject: unionId, subjectHash }, command);
  }

  private async add(
    userId: string,
    { identities }: User,
    { provider, subject, subjectHash }: { provider: 'wechat' | 'wechat-union'; subject: string; subjectHash: string },
    command: CommandContext,
  ): Promise<void> {
    if (identities.includes(subjectHash)) return;
    const sealed = await this.vault.seal(userId, subject, aadOf.identity(userId, subjectHash));
    const add = { type: 'AddIdentity', provider, subject: sealed, subjectHash, at: this.clock.now() } as const;
    await this.users.execute(userId, add, stepContext(command, `add-${provider}`));
  }
}
