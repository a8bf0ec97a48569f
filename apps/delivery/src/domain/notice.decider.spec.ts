import { NoticeEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { noticeDecider } from './notice.decider';

const data = {
  personId: '00000000-0000-7000-8000-000000000003',
  content: 'v1.00000000-0000-7000-8000-000000000003.aa.bb',
  topic: 'endpoint-disabled',
  at: '2026-11-22T09:00:00.000Z',
};
const filed: NoticeEvent = { type: 'notice.filed', data };
const notice = specFor(noticeDecider);

describe('filing a notice', () => {
  it('puts it into the inbox', () => notice.given().when({ type: 'File', notice: data }).then(filed));

  it('is no event a second time', () => notice.given(filed).when({ type: 'File', notice: data }).thenNothing());
});
