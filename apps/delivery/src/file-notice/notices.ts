import { Injectable } from '@nestjs/common';
import { aadOf } from '@hark/contracts';
import { reactionContext, RecordedEvent } from '@hark/eventstore';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { NoticeStore } from '../notice.store';
import { NoticeText } from './notice-words';

/** Files texts of the hub itself into people's inboxes. */
@Injectable()
export class Notices {
  constructor(
    private readonly notices: NoticeStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** One notice for the event, however often it comes; none for who has been erased. */
  async file(recorded: RecordedEvent, personId: string, topic: string, text: NoticeText): Promise<void> {
    const noticeId = uuid5(recorded.eventId, 'notice');
    const content = await this.sealed(personId, noticeId, JSON.stringify(text));
    if (content === undefined) return;
    const notice = { personId, content, topic, at: this.clock.now() };
    await this.notices.execute(noticeId, { type: 'File', notice }, reactionContext(recorded, 'delivery'));
  }

  /** Undefined when the person has been erased: there is nobody to tell. */
  private async sealed(personId: string, noticeId: string, text: string): Promise<string | undefined> {
    try {
      return await this.vault.seal(personId, text, aadOf.content(noticeId));
    } catch (error) {
      if (error instanceof HarkError && error.code === 'person.erased') return undefined;
      throw error;
    }
  }
}
