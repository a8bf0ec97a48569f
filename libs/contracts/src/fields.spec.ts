import * as fc from 'fast-check';
import { z } from 'zod';
import { addEndpointRequest, bindRequest, changeBindingRequest, registerAppRequest } from './auth.requests';
import { fieldMessage } from './field-message';
import {
  clientTime,
  credential,
  duration,
  hash,
  isoTime,
  line,
  openid,
  sealed,
  shown,
  text,
  token,
  uuid,
  webUrl,
} from './fields';
import { pushBody } from './intake.requests';
import { pageRequest } from './paging';

const id = '11111111-1111-4111-8111-111111111111';
const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const loneSurrogates = ['\ud800', 'a\udc00b', '\udc00\ud800'];
const notText = [undefined, null, 0, 1, true, {}, [], ['x'], { toString: () => 'x' }];

/** Schema · what it takes · what it does not, beside everything that is no text. */
const table: [string, z.ZodType, string[], string[]][] = [
  [
    'uuid',
    uuid,
    [id],
    ['', 'x', id.toUpperCase().replace(/1/g, 'A'), `${id} `, ` ${id}`, `${id}\n`, '*', '../x', id.replace(/-/g, '')],
  ],
  [
    'duration',
    duration(60_000, 86_400_000, 'within'),
    ['PT1M', 'PT60S', 'PT1H30M', 'P1D', 'PT24H', 'PT10M30S', 'P0DT1M'],
    ['', 'P', 'PT', 'P1', 'PT59S', 'P2D', 'PT24H1S', '10M', 'PT1.5M', 'P1W', 'P1M', 'PT-1M', 'pt10m', 'PT10M ', 'P1DT'],
  ],
  ['hash', hash, ['a'.repeat(64)], ['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `${'a'.repeat(64)}\n`]],
  [
    'sealed',
    sealed,
    [`v1.${id}.aXY.Y3Q`, `v1.${id}.aXY.`],
    ['', 'hello', `v2.${id}.a.b`, `v1.${id}..b`, `v1.${id}.a.b c`, `v1.${id}.a.b\n`],
  ],
  [
    'isoTime',
    isoTime,
    ['2026-11-22T09:00:00.000Z'],
    ['2026-11-22T09:00:00Z', '2026-11-22', '2026-02-30T00:00:00.000Z', '2026-11-22T09:00:00.000+00:00', 'now'],
  ],
  [
    'line',
    line(5),
    ['a', '密码密码密', '😀😀'],
    ['', 'abcdef', 'a\nb', 'a\tb', 'a\u0000', 'a\u007f', 'a\u0085', 'a\u2028', ...loneSurrogates],
  ],
  [
    'text',
    text(5),
    ['', 'a\nb', 'a\r\tb', '密码'],
    ['abcdef', 'a\u0000', 'a\u001b', 'a\u007f', 'a\u0085', ...loneSurrogates],
  ],
  ['token', token(5), ['a', 'a-b_c', '!"#$%'], ['', 'abcdef', 'a b', 'a\n', 'é', 'a\u0000', ...loneSurrogates]],
  ['openid', openid, ['o', 'o'.repeat(128), '张三'], ['', 'o'.repeat(129), 'a\nb', ...loneSurrogates]],
  ['credential', credential, ['hk_12345', 'x'.repeat(200)], ['', 'short', 'x'.repeat(201), 'hk_ 12345', 'hk_\n12345']],
  [
    'webUrl',
    webUrl,
    [
      'https://example.com',
      'http://example.com/a?b=c#d',
      'HTTPS://EXAMPLE.COM/',
      'https://例子.测试/路径',
      'https://[2001:db8::1]/',
    ],
    [
      '',
      'example.com',
      '//example.com',
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'ftp://example.com/',
      'https://',
      'https:example.com',
      'https:/example.com',
      'https:\\\\example.com',
      'https://exa mple.com',
      'https://example.com/\n',
      'java\nscript:alert(1)',
      'ht\ntps://example.com',
      'https://exa\u0000mple.com',
      `https://example.com/${'a'.repeat(2_000)}`,
      'https://a/\ud800',
    ],
  ],
];

describe.each(table)('%s', (_, schema, right, wrong) => {
  it.each(right)('takes %j', (value) => expect(takes(schema, value)).toBe(true));
  it.each(wrong)('refuses %j', (value) => expect(takes(schema, value)).toBe(false));
  it('refuses what is no text', () => {
    for (const value of notText) expect(takes(schema, value)).toBe(false);
  });
});

describe('a text that other people are shown', () => {
  const fits = (value: string) => shown(text(100)).safeParse(value).success;
  it.each(['工程师已出发', 'a\nb', '👩‍🔧 👍🏽 ❤️', 'می‌خواهم', 'שלום عليكم', '¡Ñandú!'])('may be %j', (value) =>
    expect(fits(value)).toBe(true),
  );
  it.each([
    ['an override of the direction', 'a\u202eb'],
    ['an isolate', 'a\u2066b'],
    ['a mark of the direction', 'a\u200fb'],
    ['the Arabic letter mark', 'a\u061cb'],
    ['a zero-width space', 'a\u200bb'],
    ['a word joiner', 'a\u2060b'],
    ['a byte order mark', '\ufeffa'],
    ['a soft hyphen', 'a\u00adb'],
    ['letters in tags', 'a\u{e0041}'],
    ['a blank letter', 'a\u3164'],
    ['blank Braille', 'a\u2800'],
    ['a control character', 'a\u0007'],
  ])('may not hold %s', (_, value) => expect(fits(value)).toBe(false));
});

describe('a time from a client', () => {
  it.each([
    ['2026-12-01T01:00:00Z', '2026-12-01T01:00:00.000Z'],
    ['2026-12-01T09:00:00+08:00', '2026-12-01T01:00:00.000Z'],
    ['2026-12-01T01:00:00.123456Z', '2026-12-01T01:00:00.123Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (given, stored) => expect(clientTime.parse(given)).toBe(stored));

  // Beyond four digits of year a time is no longer comparable as text.
  it.each([
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-23:00',
    '2026-02-30T00:00:00Z',
    '2026-12-01',
    '2026-12-01T01:00:00',
    'tomorrow',
    '1764550800000',
  ])('%s is none', (given) => expect(takes(clientTime, given)).toBe(false));

  it('is always one that can be stored', () => {
    const offset = fc.constantFrom('Z', '+08:00', '-11:30', '+23:59', '-23:59');
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), offset, (date, zone) => {
        const result = clientTime.safeParse(date.toISOString().replace('Z', zone));
        return !result.success || takes(isoTime, result.data);
      }),
    );
  });
});

describe('what a field takes', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 });
  it('can always be stored, shown and sent on', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        for (const schema of [line(200), text(200), token(200), openid, credential, webUrl]) {
          if (!takes(schema, value)) continue;
          expect(value.isWellFormed()).toBe(true);
          expect(value).not.toContain('\0');
          expect(Buffer.from(value, 'utf8').toString('utf8')).toBe(value);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the requests', () => {
  it.each([
    [
      'a binding, the mini-program way',
      bindRequest,
      { wechatAppId: 'wx0123456789abcdef', appName: 'n', openid: 'o' },
      true,
    ],
    ['a binding, the registered way', bindRequest, { appId: id, openid: 'o', level: 'weak' }, true],
    [
      'a binding both ways at once',
      bindRequest,
      { appId: id, wechatAppId: 'wx0123456789abcdef', appName: 'n', openid: 'o' },
      false,
    ],
    ['a binding of nobody', bindRequest, { appId: id }, false],
    ['an appId of another make', bindRequest, { wechatAppId: 'wx0123', appName: 'n', openid: 'o' }, false],
    ['no change', changeBindingRequest, { bindingId: id }, true],
    ['every endpoint', changeBindingRequest, { bindingId: id, channels: null }, true],
    ['51 endpoints', changeBindingRequest, { bindingId: id, channels: Array(51).fill(id) }, false],
    ['a cap of 20', changeBindingRequest, { bindingId: id, dailyCap: 20 }, true],
    ['no cap', changeBindingRequest, { bindingId: id, dailyCap: null }, true],
    ['a cap of nothing', changeBindingRequest, { bindingId: id, dailyCap: 0 }, false],
    ['a level of another word', changeBindingRequest, { bindingId: id, level: 'loud' }, false],
    ['a push', pushBody, { body: 'b' }, true],
    ['a push of nothing', pushBody, { body: '' }, false],
    ['a body of 4 000', pushBody, { body: 'b'.repeat(4_000) }, true],
    ['a body of 4 001', pushBody, { body: 'b'.repeat(4_001) }, false],
    ['a title of 201', pushBody, { body: 'b', title: 't'.repeat(201) }, false],
    ['a title of two lines', pushBody, { body: 'b', title: 'a\nb' }, false],
    ['11 tags', pushBody, { body: 'b', tags: Array(11).fill('t') }, false],
    ['a link that runs', pushBody, { body: 'b', url: 'javascript:alert(1)' }, false],
    [
      'an app of eleven addresses',
      registerAppRequest,
      { name: 'n', redirectUris: Array(11).fill('https://a/') },
      false,
    ],
    [
      'an endpoint',
      addEndpointRequest,
      { kind: 'bark', deviceKey: 'k', encryption: { key: 'k' }, critical: true },
      true,
    ],
    ['an endpoint of no kind', addEndpointRequest, { deviceKey: 'k' }, false],
    ['an endpoint of a path', addEndpointRequest, { kind: '../bark' }, false],
    ['an endpoint with a list', addEndpointRequest, { kind: 'bark', deviceKey: ['k'] }, false],
    ['an endpoint nested twice', addEndpointRequest, { kind: 'bark', a: { b: { c: 'd' } } }, false],
    ['an endpoint with a NUL', addEndpointRequest, { kind: 'bark', deviceKey: 'k\0' }, false],
    ['an endpoint with long text', addEndpointRequest, { kind: 'bark', deviceKey: 'k'.repeat(2_001) }, false],
    [
      'an endpoint of 21 fields',
      addEndpointRequest,
      { kind: 'bark', ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, 'x'])) },
      false,
    ],
    ['an endpoint with a constructor', addEndpointRequest, { kind: 'bark', constructor: 'x' }, false],
    ['an endpoint with a name that is none', addEndpointRequest, { kind: 'bark', 'a.b': 'x' }, false],
    ['the first page', pageRequest, {}, true],
    ['a page of 200', pageRequest, { limit: '200' }, true],
    ['a page of 201', pageRequest, { limit: '201' }, false],
    ['a page of none', pageRequest, { limit: '0' }, false],
    ['a page of text', pageRequest, { limit: 'all' }, false],
  ])('%s', (_, schema: z.ZodType, given, fits) => expect(takes(schema, given)).toBe(fits));
});

describe('the length of a text', () => {
  it('is counted in characters, as the document says it: an emoji is one', () => {
    expect(takes(line(3), '🎉🎉🎉')).toBe(true);
    expect(takes(text(3), '🎉🎉🎉🎉')).toBe(false);
    expect(takes(line(3), 'abcd')).toBe(false);
    expect(z.toJSONSchema(line(3).optional())).toMatchObject({ minLength: 1, maxLength: 3 });
    expect(z.toJSONSchema(text(3).min(1))).toMatchObject({ minLength: 1, maxLength: 3 });
  });

  it('is told as it was counted', () => {
    const { error } = line(3).safeParse('🎉🎉🎉🎉');
    expect(error!.issues[0]).toMatchObject({ code: 'too_big', maximum: 3 });
    expect(fieldMessage({ ...error!.issues[0]!, input: '🎉🎉🎉🎉' } as never)).toBe('at most 3 characters, has 4');
  });
});
