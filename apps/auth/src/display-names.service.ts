import { Injectable } from '@nestjs/common';
import { aadOf } from '@hark/contracts';
import { User } from '@hark/gate';
import { Vault } from '@hark/vault';
import { cleanName } from './domain/clean-name';

/** Seals and opens how people are called. */
@Injectable()
export class DisplayNames {
  constructor(private readonly vault: Vault) {}

  /** The name as it is stored, or `request.invalid`; null for none. */
  async sealed(
    userId: string,
    name: string | null,
  ): Promise<{ readonly displayName: string | null; readonly displayNameHash: string | null }> {
    if (name === null) return { displayName: null, displayNameHash: null };
    const shown = cleanName(name, 'displayName');
    return {
      displayName: await this.vault.seal(userId, shown, aadOf.displayName(userId)),
      displayNameHash: this.vault.lookupHash('display-name', `${userId}:${shown}`),
    };
  }

  /** The person's name, if they have chosen one. */
  async of(userId: string, { displayName }: Pick<User, 'displayName'>): Promise<string | undefined> {
    return displayName === null ? undefined : this.vault.open(displayName, aadOf.displayName(userId));
  }
}
