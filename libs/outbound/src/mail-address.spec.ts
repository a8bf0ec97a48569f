import fc from 'fast-check';
import { displayName, headerText, parseMailAddress } from './mail-address';
import { classifySmtp } from './mail-error';
import { parseSmtpUrl } from './smtp-options';

describe('a mail address', () => {
  it.each([
    ['alice@example.com', 'alice@example.com'],
    ['Alice.B+tag@EXAMPLE.com', 'Alice.B+tag@example.com'],
    ["o'neil@mail.example.co", "o'neil@mail.example.co"],
    ['a@xn--fsqu00a.xn--fiqs8s', 'a@xn--fsqu00a.xn--fiqs8s'],
    ['alice@例子.中国', 'alice@xn--fsqu00a.xn--fiqs8s'],
    ['alice@Bücher.example', 'alice@xn--bcher-kva.example'],
    ['älice@example.com', 'älice@example.com'],
    ['用户.一+tag@例子.中国', '用户.一+tag@xn--fsqu00a.xn--fiqs8s'],
    ['उपयोगकर्ता@example.com', 'उपयोगकर्ता@example.com'],
    [`${'用'.repeat(21)}@example.com`, `${'用'.repeat(21)}@example.com`],
  ])('%s is one', (text, address) => {
    expect(parseMailAddress(text)).toBe(address);
  });

  it.each([
    '',
    'alice',
    '@example.com',
    'alice@',
    'alice@localhost',
    'alice@example.com ',
    ' alice@example.com',
    'alice@example.com\r\nBcc: b@example.com',
    'alice@example.com\n',
    'alice@exa\0mple.com',
    'alice@example.com\tx',
    'a@b.example,c@d.example',
    'a@b.example;c@d.example',
    '"a@b.example"@c.example',
    'a@b.example@c.example',
    'Alice <alice@example.com>',
    'group: a@example.com;',
    'alice(comment)@example.com',
    '=?utf-8?q?alice?=@example.com\u0000',
    'alice@[127.0.0.1]',
    'alice@127.0.0.1',
    'alice@example..com',
    '.alice@example.com',
    'alice.@example.com',
    'al..ice@example.com',
    'a\u0308lice@example.com',
    'ａlice@example.com',
    'ﬁ@example.com',
    'a\u3164b@example.com',
    'a\u200db@example.com',
    'a\u202eb@example.com',
    '\u0301a@example.com',
    '用户 1@example.com',
    '😀@example.com',
    `${'用'.repeat(22)}@example.com`,
    'alice@例＠子.中国',
    'alice@例／子.中国',
    'alice@例子',
    'alice@１２７.0.0.1',
    'alice@-example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
    'a%b@c@example.com',
  ])('%j is none', (text) => {
    expect(parseMailAddress(text)).toBeNull();
  });

  it('that is accepted has one @, no space, no control, nothing a second reader could split at', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        'a',
        'b',
        '.',
        '@',
        '"',
        ',',
        ';',
        ':',
        '<',
        '>',
        '(',
        '\r',
        '\n',
        '\0',
        ' ',
        '=',
        '?',
        'é',
        '%',
      ),
    });
    fc.assert(
      fc.property(noise, noise, (left, right) => {
        const address = parseMailAddress(`${left}@${right}.example`);
        if (address !== null) expect(address).toMatch(/^[^\s@<>(),;:\\"[\]\p{Cc}]+@[a-z0-9.-]+$/u);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('header text', () => {
  it('is one line, without direction overrides, cut by code point', () => {
    expect(headerText('a\r\nBcc: b\0c\u2028d', 100)).toBe('a Bcc: b c d');
    expect(headerText('safe\u202egpj.exe', 100)).toBe('safegpj.exe');
    expect(headerText('😀😀😀😀', 3)).toBe('😀😀…');
  });

  it('as a display name cannot pass for an address', () => {
    expect(displayName('"Bank" <service@bank.example>', 64)).toBe('Bank service bank.example');
  });
});

describe('the class of an SMTP failure', () => {
  it.each([
    [
      { code: 'EENVELOPE', responseCode: 550, response: '550 5.1.1 no such user', command: 'RCPT TO' },
      false,
      'RECIPIENT_GONE',
    ],
    [
      { code: 'EENVELOPE', responseCode: 451, response: '451 4.7.1 greylisted', command: 'RCPT TO' },
      false,
      'TRANSIENT',
    ],
    [{ code: 'EENVELOPE', responseCode: 550, response: '550 denied', command: 'RCPT TO' }, false, 'RECIPIENT_REFUSED'],
    [
      { code: 'EENVELOPE', responseCode: 552, response: '552 5.2.2 full', command: 'RCPT TO' },
      false,
      'RECIPIENT_REFUSED',
    ],
    [{ code: 'EMESSAGE', responseCode: 554, response: '554 5.7.1 spam', command: 'DATA' }, true, 'CONFIG'],
    [{ code: 'EMESSAGE', responseCode: 554, response: '554 5.6.0 content', command: 'DATA' }, true, 'BAD_REQUEST'],
    [{ code: 'EMESSAGE', responseCode: 421, response: '421 try later', command: 'DATA' }, true, 'TRANSIENT'],
    [{ code: 'EAUTH', responseCode: 535, response: '535 5.7.8 bad' }, false, 'CONFIG'],
    [{ code: 'EENVELOPE', responseCode: 550, response: '550 Ip frequency limited' }, false, 'THROTTLED'],
    [{ code: 'ESOCKET', command: 'CONN' }, false, 'TRANSIENT'],
    [{ code: 'ECONNECTION', command: 'CONN' }, true, 'UNKNOWN_OUTCOME'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, true, 'UNKNOWN_OUTCOME'],
    [{ code: 'EREQUIRETLS' }, false, 'CONFIG'],
    [{}, false, 'TRANSIENT'],
  ])('%j, message sent %s: %s', (failure, bodySent, expected) => {
    expect(classifySmtp(failure, bodySent).providerClass).toBe(expected);
  });

  it('leaves a greylisting server alone for five minutes', () => {
    expect(classifySmtp({ responseCode: 450, response: '450 4.2.0 greylisted' }, false).retryAfterMs).toBe(300_000);
  });
});

describe('SMTP_URL', () => {
  it.each([
    ['smtp://localhost:2525', { host: 'localhost', port: 2525, secure: false, requireTLS: false, ignoreTLS: true }],
    [
      'smtp://u%40x:p%2Fw@mail.example',
      {
        host: 'mail.example',
        port: 587,
        secure: false,
        requireTLS: true,
        ignoreTLS: false,
        auth: { user: 'u@x', pass: 'p/w' },
      },
    ],
    ['smtps://mail.example', { host: 'mail.example', port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://relay:25?tls=none', { host: 'relay', port: 25, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtp://[::1]:25', { host: '::1', port: 25, secure: false, requireTLS: false, ignoreTLS: true }],
  ])('%s', (text, options) => {
    expect(parseSmtpUrl(text)).toEqual(options);
  });

  it.each(['', 'http://x', 'smtp://', 'smtp://h?tls=maybe'])('%j stops the start', (text) => {
    expect(() => parseSmtpUrl(text)).toThrow();
  });
});
