import { PushContent } from '@hark/contracts';
import { isFound, termsOf } from './search-terms';

const message: PushContent = {
  title: '工单 1024',
  body: '工程师已出发,预计十分钟后到达。Engineer Li is on the way',
  markdown: '**请保持电话畅通**',
  summary: 'ＡＢＣ快递',
  tags: ['Ticket'],
  thread: 'ticket-1024',
  step: { index: 2, of: 6, label: '上门中' },
  actions: [{ id: 'ok', label: '知道了' }],
  variants: { en: { title: 'Straße  40' } },
  data: { secret: 'hidden' },
  url: 'https://example.com/path',
};
const found = (q: string) => isFound(termsOf(q), message, '家电维修');

describe('searching a message', () => {
  it.each([
    '出发',
    '到',
    '工程师已出发',
    'engineer',
    'ENG',
    'gineer',
    '1024',
    '１０２４',
    'abc快递',
    '电话畅通',
    'ticket-1024',
    'ticket',
    '上门',
    '知道',
    'straße 40',
    '维修',
    '出发 li',
    'way 分钟',
    ' 出发 ',
    '出发\u3000到达',
  ])('finds %j', (q) => expect(found(q)).toBe(true));

  it.each(['出到', '完成', '出发 完成', 'hidden', 'example.com', 'engineers', '1024工程师', '维修工单'])(
    'does not find %j',
    (q) => expect(found(q)).toBe(false),
  );
});
