import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { CommandContext, stepContext } from '@hark/eventstore';
import { adminsSetting, hasGrant, User } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AuthConfig } from './auth.config';
import { UserStore } from './user.store';

const adminRoles = ['operator', 'admin'] as const;
const mailKind = 'email';

/**
 * Whom HARK_ADMINS names holds both roles, and holds them only as long as it names them. Looked at whenever somebody logs
 * in, refreshes, proves an endpoint, and every few seconds while they use a session: so a start with another setting is in
 * force at once for everybody, without a list of who was named before. What an admin granted by hand is not touched.
 */
@Injectable()
export class Admins {
  private readonly logins: ReadonlySet<string>;
  private readonly mailboxes: ReadonlySet<string>;

  constructor(
    private readonly users: UserStore,
    config: AuthConfig,
    vault: Vault,
    channels: ChannelRegistry,
    private readonly clock: Clock,
  ) {
    this.logins = new Set(config.admins.map(({ provider, subject }) => vault.lookupId(provider, subject)));
    const addresses = config.admins.flatMap(({ provider, subject }) => (provider === mailKind ? [subject] : []));
    const identify = (address: string) => channels.get(mailKind)?.identify({ address }) ?? address;
    this.mailboxes = new Set(addresses.map((one) => vault.lookupHash(`address:${mailKind}`, identify(one))));
  }

  /** The person with the roles that the setting gives them now and without those it gave and no longer gives. */
  async settle(userId: string, user: User, command: CommandContext): Promise<User> {
    const named = this.names(userId, user);
    let settled = user;
    for (const role of adminRoles) {
      if (hasGrant(settled, { role, bySetting: true }) === named) continue;
      const type = named ? 'GrantRole' : 'RevokeRole';
      const change = { type, role, by: adminsSetting, at: this.clock.now() } as const;
      const { state } = await this.users.execute(userId, change, stepContext(command, `${type}-${role}`));
      settled = state;
    }
    return settled;
  }

  /** An address counts once its owner proved to receive through it. */
  private names(userId: string, { registered, endpoints }: User): boolean {
    if (!registered) return false;
    if (this.logins.has(userId)) return true;
    return endpoints.some(
      ({ kind, verified, addressHash }) => kind === mailKind && verified && this.mailboxes.has(addressHash),
    );
  }
}
