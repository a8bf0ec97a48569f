import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { aadOf, UserEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Fold } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { Vault } from '@hark/vault';

/** Not longer than the vault remembers keys, so that an erased person is forgotten here as soon as there. */
const keepMs = 30_000;
/** How exactly that time is kept, in milliseconds. By default every look sets a timer of one. */
const ttlResolution = 500;
const entriesMax = 10_000;

/** What WeChat calls the person, sealed; null when they came another way. */
const subjectFold: Fold<string | null, UserEvent> = {
  initial: null,
  evolve: (subject, event) =>
    event.type === 'user.registered' && event.data.provider === 'wechat' ? event.data.subject : subject,
};

/** The openids, in the hub's own mini program, of the people who logged in through it. */
@Injectable()
export class WechatOpenids {
  private readonly openids = new LRUCache<string, { readonly openid: string | null }>({
    ...entriesAtMost(entriesMax),
    ttl: keepMs,
    ttlResolution,
  });
  private readonly subjects: StateCache<string | null>;

  constructor(
    store: EventStore,
    private readonly vault: Vault,
  ) {
    this.subjects = store.streams('user', subjectFold, { entriesMax: 1 });
  }

  /** The person's openid; null for somebody without one (logged in by mail, erased, or not a person). */
  async of(userId: string): Promise<string | null> {
    const known = this.openids.get(userId);
    if (known) return known.openid;
    const openid = await this.read(userId);
    this.openids.set(userId, { openid });
    return openid;
  }

  private async read(userId: string): Promise<string | null> {
    const { state: subject } = await this.subjects.get(userId);
    return subject === null ? null : ((await this.vault.open(subject, aadOf.subject(userId))) ?? null);
  }
}
