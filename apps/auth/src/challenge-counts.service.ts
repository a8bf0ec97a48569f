import { Injectable } from '@nestjs/common';
import { CommandContext, stepContext } from '@hark/eventstore';
import { User } from '@hark/gate';
import { HarkError, IsoTime } from '@hark/kernel';
import { ClientFacts } from '@hark/nats';
import { Vault } from '@hark/vault';
import { AddressStore } from './address.store';
import { addressDecider, ChallengeLimit, isProven } from './domain/address.decider';
import { addressIdOf, challengeIdOf } from './domain/auth-ids';
import { sourceOf } from './domain/client-facts';
import { mailboxOf } from './domain/mailbox';

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

/** A log-in code that is about to be sent. */
export interface CountedLogIn {
  readonly challengeId: string;
  readonly address: string;
  readonly client: ClientFacts | undefined;
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
    await this.countAll(this.countersOf(challenge), { challengeId, at: challenge.at }, command);
  }

  /**
   * Counts a log-in code to an address, together with the codes that prove it as an endpoint: a mailbox gets three a day of
   * all of them. Who asks has no account, so the network they ask from is counted. Throws `session.too-many-codes`.
   */
  async countLogIn({ challengeId, address, client, at }: CountedLogIn, command: CommandContext): Promise<void> {
    const { mailbox, domain, shared } = mailboxOf(address);
    const source = client ? sourceOf(client.address) : '';
    const place = placeOf(address, client);
    const { state } = await this.addresses.load(this.counterId('sourceAtMailbox', place));
    const ofPlace: [ChallengeLimit, string][] = [
      ['source', source],
      ['sourceAtMailbox', place],
    ];
    // Strangers elsewhere can use up a mailbox for a day, but not what a place may ask for from which it was proven.
    const ofMailbox: [ChallengeLimit, string][] = [
      ['mailbox', `email:${mailbox}`],
      ...(shared ? [] : [['domain', domain] satisfies [ChallengeLimit, string]]),
    ];
    const counters = isProven(state, at) ? ofPlace : [...ofPlace, ...ofMailbox];
    try {
      await this.countAll(counters, { challengeId, at }, command);
    } catch (error) {
      if (!(error instanceof HarkError) || error.kind !== 'refused') throw error;
      throw new HarkError('refused', 'session.too-many-codes', error.message, { extra: error.detail.extra ?? {} });
    }
  }

  /** Notes that somebody has logged in by that address from there. */
  async proved(address: string, client: ClientFacts | undefined, at: IsoTime, command: CommandContext): Promise<void> {
    if (client === undefined) return;
    const id = this.counterId('sourceAtMailbox', placeOf(address, client));
    await this.addresses.execute(id, { type: 'Prove', at }, stepContext(command, 'prove-place'));
  }

  private counterId(limit: ChallengeLimit, counted: string): string {
    return addressIdOf(this.vault.lookupHash(`challenges:${limit}`, counted));
  }

  private async countAll(
    limits: readonly [ChallengeLimit, string][],
    { challengeId, at }: { readonly challengeId: string; readonly at: IsoTime },
    command: CommandContext,
  ): Promise<void> {
    const counters = limits.map(([limit, counted]) => ({
      id: this.counterId(limit, counted),
      count: { type: 'Challenge', challengeId, limit, at } as const,
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

/** A place at a mailbox: what one subscriber has of the network, and whose mailbox they ask about. */
const placeOf = (address: string, client: ClientFacts | undefined): string =>
  `${client ? sourceOf(client.address) : ''}:email:${mailboxOf(address).mailbox}`;
