import { bearerOf, localeOf, methodMeant, namedLocaleOf, positionOf, traceparentOf } from './request-headers';

describe('the language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['zh-CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['zh-Hans-CN', 'zh-CN'],
    ['zh_CN', 'zh-CN'],
    ['ZH-cn', 'zh-CN'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en;q=0.1, zh-CN', 'zh-CN'],
    ['fr, de;q=0.9, zh;q=0.2', 'zh-CN'],
    ['en-GB,zh;q=0.9', 'en'],
    ['zh;q=0', 'en'],
    ['zh;q=nan', 'en'],
    ['zhen', 'en'],
    ['fr-zh', 'en'],
    [`${'x,'.repeat(20)}zh`, 'en'],
  ])('for %s is %s', (wanted, locale) => {
    expect(localeOf({ ...(wanted !== undefined && { 'accept-language': wanted }) })).toBe(locale);
  });

  it.each([undefined, '', '*', 'fr', 'en;q=0'])('is not known to be the client’s by %s', (wanted) => {
    expect(namedLocaleOf({ ...(wanted !== undefined && { 'accept-language': wanted }) })).toBeUndefined();
  });
});

describe('the bearer token', () => {
  it.each([
    [undefined, undefined],
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['Bearer  abc', 'abc'],
    ['bearer    abc', 'abc'],
    ['Bearer abc def', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic abc', undefined],
    ['abc', undefined],
    ['Bearer é', undefined],
    [`Bearer ${'x'.repeat(2_000)}`, 'x'.repeat(2_000)],
    [`Bearer ${'x'.repeat(2_001)}`, undefined],
  ])('in %s is %s', (authorization, token) => {
    expect(bearerOf({ ...(authorization !== undefined && { authorization }) })).toBe(token);
  });
});

describe('the position', () => {
  it.each(['0-binding', '8123-binding', '9223372036854775807-a_b'])('%s is one', (position) => {
    expect(positionOf({ 'hark-position': position })).toBe(position);
  });
  it('may be absent', () => expect(positionOf({})).toBeUndefined());
  it.each([
    '',
    'x',
    '-1-binding',
    '1-',
    '1-Binding',
    '1-b-c',
    '1-b\n',
    ' 1-b',
    `${'1'.repeat(20)}-b`,
    `1-${'b'.repeat(41)}`,
  ])('%j is none', (position) => {
    expect(() => positionOf({ 'hark-position': position })).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'position.invalid' }) as Error,
    );
  });
});

describe('the trace context', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  it.each([traceparent])('%s is one', (value) => expect(traceparentOf({ traceparent: value })).toBe(value));
  it.each(['', 'x', traceparent.toUpperCase(), `${traceparent}-x`, `${traceparent}\n`])('%j is none', (value) =>
    expect(traceparentOf({ traceparent: value })).toBeUndefined(),
  );
});

describe('the method that is meant', () => {
  const override = (method: string) => ({ 'x-http-method-override': method });
  it.each([
    ['GET', {}, 'GET'],
    ['HEAD', {}, 'GET'],
    ['PUT', {}, 'PATCH'],
    ['PATCH', {}, 'PATCH'],
    ['DELETE', {}, 'DELETE'],
    ['POST', {}, 'POST'],
    ['POST', override('PATCH'), 'PATCH'],
    ['POST', override('patch'), 'PATCH'],
    ['POST', override('PUT'), 'PATCH'],
    ['POST', override('DELETE'), 'DELETE'],
    ['GET', override('DELETE'), 'GET'],
    ['PUT', override('DELETE'), 'PATCH'],
    ['DELETE', override('PATCH'), 'DELETE'],
  ])('by %s with %j is %s', (method, headers, meant) => expect(methodMeant(method, headers)).toBe(meant));

  it.each(['', 'GET', 'POST', 'HEAD', 'OPTIONS', 'PATCH,DELETE', ' PATCH', 'toString'])('is never %j', (method) => {
    expect(() => methodMeant('POST', override(method))).toThrow(
      expect.objectContaining({ code: 'request.invalid' }) as Error,
    );
  });
});
