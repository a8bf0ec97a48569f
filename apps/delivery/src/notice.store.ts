import { Injectable } from '@nestjs/common';
import { NoticeEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { FileNotice, noticeDecider } from './domain/notice.decider';

/** The `notice-` streams, one for each notice of the hub itself to a person. Only this service writes them. */
@Injectable()
export class NoticeStore extends DeciderStore<{ readonly isFiled: boolean }, FileNotice, NoticeEvent> {
  constructor(store: EventStore) {
    super(store, 'notice', noticeDecider, { entriesMax: 100 });
  }
}
