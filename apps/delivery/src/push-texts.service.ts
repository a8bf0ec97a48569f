import { Injectable } from '@nestjs/common';
import { aadOf, PushContent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Vault } from '@hark/vault';

/** What pushes say, from their own streams. */
@Injectable()
export class PushTexts {
  private readonly messages: StateCache<Pushed | undefined>;

  constructor(
    store: EventStore,
    private readonly vault: Vault,
  ) {
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  /** The push's content; undefined when there is no such push or its person is erased. */
  async of(pushId: string): Promise<PushContent | undefined> {
    const { state: pushed } = await this.messages.get(pushId);
    const text = pushed && (await this.vault.open(pushed.content, aadOf.content(pushId)));
    return text === undefined ? undefined : (JSON.parse(text) as PushContent);
  }
}
