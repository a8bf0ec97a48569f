import { Injectable } from '@nestjs/common';
import { CommandContext, stepContext } from '@hark/eventstore';
import { isErased } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { LogInSubject } from './domain/log-in-subject';
import { IdentityStore } from './identity.store';
import { UserStore } from './user.store';

/**
 * Which user a log-in is (ADR 40). Usually the one whose id is the keyed hash of provider and subject. Another one only
 * where an event says so: after an erasure, and for somebody whom WeChat's unionid already names.
 */
@Injectable()
export class Identities {
  constructor(
    private readonly identities: IdentityStore,
    private readonly users: UserStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** The user's id; a new one where nobody has logged in so, or whoever did was erased. Safe to repeat and to race. */
  async userOf({ provider, subject, unionId }: LogInSubject, command: CommandContext): Promise<string> {
    const own = this.vault.lookupId(provider, subject);
    const { state: linked } = await this.identities.load(own);
    const present = linked.userId ?? own;
    const { state: user } = await this.users.load(present);
    const union = unionId === undefined ? undefined : this.vault.lookupId('wechat-union', unionId);
    if (user.registered && !isErased(user)) {
      // Whoever has an account keeps it: the unionid never moves anybody into another one.
      if (union !== undefined) await this.link(union, present, stepContext(command, 'union'));
      return present;
    }
    const free = isErased(user) ? this.vault.lookupId('user-after', present) : present;
    const userId = union === undefined ? free : await this.link(union, free, stepContext(command, 'union'));
    if (userId === own) return own;
    const instead = { type: 'Link', userId, instead: linked.userId, at: this.clock.now() } as const;
    const { state: settled } = await this.identities.execute(own, instead, stepContext(command, 'identity'));
    return settled.userId ?? userId;
  }

  /** Whose log-in that is; undefined where nobody logs in so. Makes nobody. */
  async known({ provider, subject }: LogInSubject): Promise<string | undefined> {
    const own = this.vault.lookupId(provider, subject);
    const { state: linked } = await this.identities.load(own);
    const userId = linked.userId ?? own;
    const { state: user } = await this.users.load(userId);
    return user.registered && !isErased(user) ? userId : undefined;
  }

  /** Links the identity to this user unless it is a living user's already; returns whose it is then. */
  private async link(identityId: string, userId: string, command: CommandContext): Promise<string> {
    const { state: linked } = await this.identities.load(identityId);
    if (linked.userId !== null && linked.userId !== userId) {
      const { state: other } = await this.users.load(linked.userId);
      if (!isErased(other)) return linked.userId;
    }
    const link = { type: 'Link', userId, instead: linked.userId, at: this.clock.now() } as const;
    const { state: settled } = await this.identities.execute(identityId, link, command);
    return settled.userId ?? userId;
  }
}
