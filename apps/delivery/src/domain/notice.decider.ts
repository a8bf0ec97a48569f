import { NoticeEvent } from '@hark/contracts';
import { Decider } from '@hark/kernel';

/** Files a notice of the hub itself. */
export interface FileNotice {
  readonly type: 'File';
  readonly notice: NoticeEvent['data'];
}

/** A notice's id derives from what it reports, so it is filed once however often it is asked for. */
export const noticeDecider: Decider<{ readonly isFiled: boolean }, FileNotice, NoticeEvent> = {
  initial: { isFiled: false },
  decide: ({ notice }, { isFiled }) => (isFiled ? [] : [{ type: 'notice.filed', data: notice }]),
  evolve: () => ({ isFiled: true }),
};
