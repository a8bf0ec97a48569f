import { Injectable } from '@nestjs/common';
import { aadOf, Locale } from '@hark/contracts';
import { CommandContext, stepContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { Admins } from '../admins.service';
import { Languages } from '../languages.store';
import { UserStore } from '../user.store';

/** Registers the person who logs in: who they are, their language, their roles. */
@Injectable()
export class Registration {
  constructor(
    private readonly users: UserStore,
    private readonly languages: Languages,
    private readonly vault: Vault,
    private readonly admins: Admins,
    private readonly clock: Clock,
  ) {}

  /** The person's id, always the same for the same login. Repeating it changes nothing. */
  async ensure(
    provider: 'wechat' | 'email',
    subject: string,
    command: CommandContext,
    clientLocale?: Locale,
  ): Promise<string> {
    const userId = this.vault.lookupId(provider, subject);
    const { state: user } = await this.users.load(userId);
    const at = this.clock.now();
    if (!user.registered) {
      const register = {
        type: 'Register',
        provider,
        subject: await this.vault.seal(userId, subject, aadOf.subject(userId)),
        subjectHash: this.vault.lookupHash(provider, subject),
        at,
      } as const;
      await this.users.execute(userId, register, stepContext(command, 'register'));
    }
    await this.languages.learn(userId, clientLocale, command);
    const { state: known } = await this.users.load(userId);
    await this.admins.settle(userId, known, command);
    return userId;
  }
}
