import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { aadOf, UserEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { Vault } from '@hark/vault';

/** Not longer than the vault remembers keys, so that an erased person is forgotten here as soon as there. */
const keepMs = 60_000;
const entriesMax = 10_000;

/** The openids, in the hub's own mini program, of the people who logged in through it. */
@Injectable()
export class WechatOpenids {
  private readonly openids = new LRUCache<string, { readonly openid: string | null }>({ max: entriesMax, ttl: keepMs });

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  /** The person's openid; null for somebody without one (logged in by mail, erased, or not a person). */
  async of(userId: string): Promise<string | null> {
    const known = this.openids.get(userId);
    if (known) return known.openid;
    const openid = await this.read(userId);
    this.openids.set(userId, { openid });
    return openid;
  }

  private async read(userId: string): Promise<string | null> {
    const events = (await this.store.read('user', userId)).map(({ event }) => event as UserEvent);
    const registered = events.find((event) => event.type === 'user.registered');
    if (registered?.data.provider !== 'wechat') return null;
    return (await this.vault.open(registered.data.subject, aadOf.subject(userId))) ?? null;
  }
}
