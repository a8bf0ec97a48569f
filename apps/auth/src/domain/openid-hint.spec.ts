import { openidHint } from './openid-hint';

it.each([
  ['o-1', '••••'],
  ['abcd', '••••'],
  ['abcde', 'a••••e'],
  ['customer-1024', 'cu••••24'],
  ['客户客户一零二四', '客••••四'],
  ['😀😀😀😀😀', '😀••••😀'],
])('%s is hinted at by %s', (openid, hint) => expect(openidHint(openid)).toBe(hint));
