import { Injectable } from '@nestjs/common';
import { Channels } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { languageOf, User, userFold } from '@hark/gate';
import { Fold, Logger } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { Vault } from '@hark/vault';

/** The most addresses that are told; few people have two. */
const addressesMax = 5;
/** How long an erasure waits for the mail server, in milliseconds. It is not held up by one that is away. */
const patienceMs = 5_000;

interface Last {
  readonly user: User;
  readonly isOver: boolean;
}

/** The person as they were before the erasure, which the fold of everybody else forgets at once. */
const lastFold: Fold<Last, UserEvent> = {
  initial: { user: userFold.initial, isOver: false },
  evolve: (last, event) => {
    if (last.isOver || event.type === 'user.erased') return { ...last, isOver: true };
    return { user: userFold.evolve(last.user, event), isOver: false };
  },
};

/**
 * Tells somebody by mail that they are being erased, at every mailbox that they proved or log in by, while their key still
 * opens the addresses. Nothing of it is stored. A mail that is not taken is not sent again: the address is gone by then.
 */
@Injectable()
export class Farewell {
  private readonly people: StateCache<Last>;

  constructor(
    store: EventStore,
    private readonly channels: Channels,
    private readonly vault: Vault,
    private readonly log: Logger,
  ) {
    this.people = store.streams('user', lastFold, { entriesMax: 1 });
  }

  async say(personId: string): Promise<void> {
    const { user } = (await this.people.get(personId)).state;
    const addresses = await this.addressesOf(personId, user);
    const locale = languageOf(user);
    const sending = addresses.map((address) => this.channels.erasureMail.send({ personId, address, locale }));
    const results = await withTimeout(patienceMs, Promise.all(sending), () => []);
    const taken = results.filter(({ is }) => is === 'sent').length;
    if (taken < addresses.length) this.log.info({ taken, of: addresses.length }, 'not every last mail was taken');
  }

  private async addressesOf(personId: string, { endpoints, provider, subject }: User): Promise<string[]> {
    const mailboxes = endpoints.filter(({ kind, verified }) => kind === 'email' && verified);
    const opened = await this.vault.openMany([
      ...mailboxes.map(({ address, endpointId }) => ({ sealed: address, aad: aadOf.address(endpointId) })),
      ...(provider === 'email' && subject !== null ? [{ sealed: subject, aad: aadOf.subject(personId) }] : []),
    ]);
    const addresses = opened.flatMap((text, index) => {
      if (text === undefined) return [];
      return index < mailboxes.length ? (JSON.parse(text) as { address: string }).address : text;
    });
    return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()].slice(0, addressesMax);
  }
}
