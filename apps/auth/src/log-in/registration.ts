import { Injectable } from '@nestjs/common';
import { aadOf, Locale } from '@hark/contracts';
import { CommandContext, stepContext, Vault } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { AuthConfig } from '../auth.config';
import { Languages } from '../languages.store';
import { UserStore } from '../user.store';

const adminRoles = ['operator', 'admin'] as const;

/** Makes whoever logs in known, and whoever HARK_ADMINS names an admin. */
@Injectable()
export class Registration {
  constructor(
    private readonly users: UserStore,
    private readonly languages: Languages,
    private readonly vault: Vault,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  /** The person's id; the same for the same login, for ever. Repeating it changes nothing. */
  async ensure(
    provider: 'wechat' | 'email',
    subject: string,
    command: CommandContext,
    clientLocale?: Locale,
  ): Promise<string> {
    const userId = this.vault.lookupId(provider, subject);
    const { state: person } = await this.users.load(userId);
    const at = this.clock.now();
    if (!person.registered) {
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
    if (!this.config.isAdmin(provider, subject)) return userId;
    for (const role of adminRoles) {
      if (person.roles.includes(role)) continue;
      const grant = { type: 'GrantRole', role, by: 'HARK_ADMINS', at } as const;
      await this.users.execute(userId, grant, stepContext(command, `grant-${role}`));
    }
    return userId;
  }
}
