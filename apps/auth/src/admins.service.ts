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
 * The people that HARK_ADMINS names hold both roles as long as it names them. Checked when somebody logs in, refreshes,
 * proves an endpoint, and every few seconds while a session is in use, so that a start with another setting takes
 * effect for everybody without a list of former names. Roles granted by an admin are not touched.
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
    const identify = (address: string) => channels.get(mailKind)?.identify({ address }) ?? address;
    this.logins = new Set(
      config.admins.map(({ provider, subject }) =>
        vault.lookupHash(provider, provider === mailKind ? identify(subject) : subject),
      ),
    );
    const addresses = config.admins.flatMap(({ provider, subject }) => (provider === mailKind ? [subject] : []));
    this.mailboxes = new Set(addresses.map((one) => vault.lookupHash(`address:${mailKind}`, identify(one))));
  }

  /** Gives the person the roles that the setting gives them now, and takes those it no longer gives. */
  async settle(userId: string, user: User, command: CommandContext): Promise<User> {
    const named = this.names(user);
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

  /** An address counts only once its owner has proved to receive through it. */
  private names({ registered, identities, endpoints }: User): boolean {
    if (!registered) return false;
    if (identities.some((identity) => this.logins.has(identity))) return true;
    return endpoints.some(
      ({ kind, verified, addressHash }) => kind === mailKind && verified && this.mailboxes.has(addressHash),
    );
  }
}
