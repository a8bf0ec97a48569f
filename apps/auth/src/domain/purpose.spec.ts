import { refusal } from '@hark/testing';
import { checkedPurpose } from './purpose';

it.each([
  ['工单进度', '工单进度'],
  ['  a \t b  ', 'a b'],
  ['修好 ❤️', '修好 ❤️'],
])('the purpose %j is shown as %j', (said, shown) => expect(checkedPurpose(said)).toBe(shown));

it.each(['', ' ', '\u200b', 'pay\u202egnp.exe\u202c', 'a\u200bb', '\u3164x', 'x\ue000', '!!!'])(
  '%j is no purpose',
  async (said) => {
    expect(await refusal((async () => checkedPurpose(said))())).toBe('request.invalid');
  },
);
