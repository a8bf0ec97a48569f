import { refusal } from '@hark/testing';
import { checkedPurpose } from './purpose';

it.each([
  ['工单进度', '工单进度'],
  ['  a \t b  ', 'a b'],
  ['pay\u202egnp.exe\u202c', 'paygnp.exe'],
  ['a\u200bb\u2066c\u2069\ufeff', 'abc'],
  ['\u3164x\ue000', 'x'],
])('the purpose %j is shown as %j', (said, shown) => expect(checkedPurpose(said)).toBe(shown));

it.each(['', ' ', '\u200b', '\u202e\u2800', '!!!'])('%j is no purpose', async (said) => {
  expect(await refusal((async () => checkedPurpose(said))())).toBe('request.invalid');
});
