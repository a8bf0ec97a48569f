import { Injectable } from '@nestjs/common';
import { CommandContext, stepContext } from '@hark/eventstore';
import { User } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AddressStore } from '../address.store';
import { addressDecider, ChallengeLimit } from '../domain/address.decider';
import { addressIdOf, challengeIdOf } from '../domain/auth-ids';
import { mailboxOf } from '../domain/mailbox';

/** A challenge that is about to be sent. */
export interface CountedChallenge {
  readonly personId: string;
  readonly user: Pick<User, 'proven'>;
  readonly endpointId: string;
  readonly kind: string;
  /** The channel's name for the destination; for a mail endpoint its address. */
  readonly identity: string;
  readonly at: IsoTime;
}

/** Counts challenges by everything that one person could use up at others' expense, each in its own stream. */
@Injectable()
export class ChallengeCounts {
  constructor(
    private readonly addresses: AddressStore,
    private readonly vault: Vault,
  ) {}

  /**
   * Counts a challenge, or throws the limit that refuses it, with `retryAfter` in seconds. A repeat of the command
   * counts once, and a refused challenge uses up nothing.
   */
  async count(challenge: CountedChallenge, command: CommandContext): Promise<void> {
    const challengeId = challengeIdOf(challenge.endpointId, command.commandId);
    const counters = this.countersOf(challenge).map(([limit, counted]) => ({
      id: addressIdOf(this.vault.lookupHash(`challenges:${limit}`, counted)),
      count: { type: 'Challenge', challengeId, limit, at: challenge.at } as const,
    }));
    const known = await Promise.all(counters.map(({ id }) => this.addresses.load(id)));
    counters.forEach(({ count }, index) => addressDecider.decide(count, known[index]!.state));
    await Promise.all(
      counters.map(({ id, count }) => this.addresses.execute(id, count, stepContext(command, `count-${count.limit}`))),
    );
  }

  private countersOf({ personId, user, endpointId, kind, identity }: CountedChallenge): [ChallengeLimit, string][] {
    const mail = kind === 'email' ? mailboxOf(identity) : undefined;
    const destination = `${kind}:${mail?.mailbox ?? identity}`;
    // A person who received through it before is no stranger to it: it is their own device or mailbox.
    if (user.proven.includes(endpointId)) {
      return [
        ['account', personId],
        ['holder', `${personId}:${destination}`],
      ];
    }
    return [
      ['account', personId],
      ...(mail ? [['accountAtDomain', `${personId}:${mail.domain}`] satisfies [ChallengeLimit, string]] : []),
      ['accountAtMailbox', `${personId}:${destination}`],
      ['mailbox', destination],
      ...(mail && !mail.shared ? [['domain', mail.domain] satisfies [ChallengeLimit, string]] : []),
    ];
  }
}
