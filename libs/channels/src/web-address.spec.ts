import fc from 'fast-check';
import { webAddress } from './web-address';

describe('the address of a link', () => {
  it.each([
    [
      'https://例子.中国/工单?名=王 五#末',
      'https://xn--fsqu00a.xn--fiqs8s/%E5%B7%A5%E5%8D%95?%E5%90%8D=%E7%8E%8B%20%E4%BA%94#%E6%9C%AB',
    ],
    ['https://a.example/t/{id}?x={y}&z=[1]|2^`', 'https://a.example/t/%7Bid%7D?x=%7By%7D&z=%5B1%5D%7C2%5E%60'],
    ['https://a.example/[1]', 'https://a.example/%5B1%5D'],
    ['https://a.example/100%?a=%zz&b=%4', 'https://a.example/100%25?a=%25zz&b=%254'],
    ['https://a.example/%E5%B7%A5', 'https://a.example/%E5%B7%A5'],
    ['https://a.example/#a#b', 'https://a.example/#a%23b'],
    ['HTTPS://A.Example:443', 'https://a.example/'],
    ['http://[2001:DB8::1]:8080/x', 'http://[2001:db8::1]:8080/x'],
    ["https://a.example/it's?q='x'", "https://a.example/it's?q=%27x%27"],
  ])('%s is %s', (text, href) => {
    expect(webAddress(text)?.href).toBe(href);
  });

  it.each([
    ['https://www.bank.example@evil.example/', 'https://evil.example/', 'evil.example'],
    ['https://bank.example:login@evil.example/', 'https://evil.example/', 'evil.example'],
    ['https://аррӏе.com/', 'https://xn--80ak6aa92e.com/', 'xn--80ak6aa92e.com'],
    ['https://evil.example/\u202emoc.knab', 'https://evil.example/%E2%80%AEmoc.knab', 'evil.example'],
    [
      'https://bank.example\u2044x.evil.example/',
      'https://bank.xn--examplex-k03d.evil.example/',
      'bank.xn--examplex-k03d.evil.example',
    ],
  ])('%j shows where it leads: %s', (text, href, host) => {
    expect(webAddress(text)).toEqual({ href, host });
  });

  it.each([
    'javascript:alert(1)',
    'tel:110',
    'https://',
    'https:///',
    'x',
    '',
    `https://a.example/${'字'.repeat(600)}`,
  ])('%j is none', (text) => {
    expect(webAddress(text)).toBeUndefined();
  });

  it('is always RFC 3986, and stays the same when it is made again', () => {
    const unit = fc.constantFrom(
      'a',
      '/',
      '?',
      '#',
      '%',
      '%4',
      '%41',
      '[',
      '{',
      '字',
      '😀',
      ' ',
      '"',
      '\\',
      '@',
      '\ud800',
      "'",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (tail) => {
        const made = webAddress(`https://a.example/${tail}`);
        expect(made?.href).toMatch(
          /^https:\/\/a\.example\/(?:%[0-9A-Fa-f]{2}|[\w\-.~!$&'()*+,;=:@/?])*(?:#(?:%[0-9A-Fa-f]{2}|[\w\-.~!$&'()*+,;=:@/?])*)?$/,
        );
        expect(webAddress(made!.href)).toEqual(made);
      }),
    );
  });
});
