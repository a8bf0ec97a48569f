import { Injectable } from '@nestjs/common';
import { aadOf, PushContent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Vault } from '@hark/vault';
import { FiledText, filedTextFold } from './domain/filed-text.fold';

/** What the messages in inboxes say, from the streams of their deliveries. */
@Injectable()
export class PushTexts {
  private readonly deliveries: StateCache<FiledText | undefined>;

  constructor(
    store: EventStore,
    private readonly vault: Vault,
  ) {
    this.deliveries = store.streams('delivery', filedTextFold, { entriesMax: 1 });
  }

  /** The message's content; undefined when nothing was filed or its person is erased. */
  async of(pushId: string): Promise<PushContent | undefined> {
    const { state: filed } = await this.deliveries.get(pushId);
    const text = filed && (await this.vault.open(filed.content, aadOf.content(pushId)));
    return text === undefined ? undefined : (JSON.parse(text) as PushContent);
  }
}
