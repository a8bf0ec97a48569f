import * as fc from 'fast-check';
import { z } from 'zod';
import { HarkError } from '@hark/kernel';
import { bindRequest, sessionRequest } from './auth.requests';
import { pushBody } from './intake.requests';
import { parse } from './parse';

const schema = z.strictObject({ name: z.string().max(3), inner: z.strictObject({ count: z.number() }).optional() });
function errorsOf(given: unknown, by: z.ZodType = schema) {
  try {
    parse(by, given);
  } catch (error) {
    expect(error).toBeInstanceOf(HarkError);
    expect(error).toMatchObject({ kind: 'invalid', code: 'request.invalid' });
    return (error as HarkError).detail.errors!;
  }
  throw new Error('it was taken');
}

describe('parsing', () => {
  it('gives what the schema makes of the input', () => {
    expect(parse(schema, { name: 'abc', inner: { count: 1 } })).toEqual({ name: 'abc', inner: { count: 1 } });
    expect(parse(z.string().transform(Number), '5')).toBe(5);
  });

  it('names every wrong field by its path', () => {
    const errors = errorsOf({ name: 'abcd', inner: { count: 'x', more: 1 }, surplus: 1 });
    expect(errors.map(({ path }) => path).sort()).toEqual(['inner.count', 'inner.more', 'name', 'surplus']);
    expect(errors).toContainEqual({ path: 'surplus', message: 'unknown field; known are name, inner' });
    expect(errors).toContainEqual({ path: 'inner.more', message: 'unknown field; known are count' });
  });

  it('names the field of the shape that comes nearest, where there are several', () => {
    const id = '11111111-1111-4111-8111-111111111111';
    expect(errorsOf({ appId: id, openid: 'o', ownerId: id }, bindRequest)).toEqual([
      { path: 'ownerId', message: expect.stringMatching(/^unknown field; known are .*appId$/) as string },
    ]);
    expect(errorsOf({ appId: 'x', openid: 'o' }, bindRequest)).toEqual([{ path: 'appId', message: 'must be a UUID' }]);
    expect(errorsOf({ wechatAppId: 'wx0123456789abcdef', appName: '', openid: 'o' }, bindRequest)).toMatchObject([
      { path: 'appName' },
    ]);
  });

  it('names all that the field may be which tells the shapes apart', () => {
    const message = 'must be one of wechat, email, device';
    expect(errorsOf({ code: 'x' }, sessionRequest)).toEqual([{ path: 'provider', message }]);
    expect(errorsOf({ provider: 'sms', code: 'x' }, sessionRequest)).toEqual([{ path: 'provider', message }]);
    expect(errorsOf({ provider: 'email' }, sessionRequest)).toMatchObject([{ path: 'address' }]);
  });

  it('counts one as one', () => {
    expect(errorsOf({ list: [] }, z.strictObject({ list: z.array(z.string()).min(1) }))).toEqual([
      { path: 'list', message: 'at least 1 entry, has 0' },
    ]);
  });

  it('wants something to read of a push', () => {
    expect(errorsOf({ body: ' \n\t' }, pushBody)).toEqual([{ path: 'body', message: 'must not be empty' }]);
  });

  it.each([[null], [undefined], ['text'], [1], [[]]])('says of %j that all of it is wrong', (given) => {
    expect(errorsOf(given)).toMatchObject([{ path: '$' }]);
  });

  it('refuses the names that objects inherit', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const given = JSON.parse(`{"name":"a","${name}":{"x":1}}`) as unknown;
      expect(errorsOf(given)).toEqual([{ path: name, message: 'unknown field; known are name, inner' }]);
    }
  });

  it.each([
    ['ttile', 'title'],
    ['titel', 'title'],
    ['Title', 'title'],
    ['tag', 'tags'],
    ['prio', undefined],
    ['click', 'url'],
    ['group', 'thread'],
    ['urI', 'url'],
    ['open_id', 'openid'],
    ['message', undefined],
    ['x'.repeat(5_000), undefined],
  ])('says of %s that %s was meant', (given, meant) => {
    const [error] = errorsOf({ body: 'b', [given]: 'x' }, pushBody);
    expect(error!.message).toMatch(
      meant === undefined ? /^unknown field; known are title, body/ : `did you mean ${meant}?`,
    );
    expect(error!.message).toContain('priority');
  });

  it('knows what others call a field, where that is not sent too', () => {
    for (const name of ['message', 'content', 'desp'])
      expect(errorsOf({ [name]: 'x' }, pushBody)).toContainEqual({
        path: name,
        message: expect.stringMatching(/did you mean body\?/) as string,
      });
  });

  it('says little however much is wrong, and repeats no more of a name than 64 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));
    expect(errorsOf({ name: 'a', ...many })).toHaveLength(20);
    const nested = z.strictObject({ list: z.array(z.strictObject({})) });
    expect(errorsOf({ list: Array(100).fill(many) }, nested).length).toBeLessThanOrEqual(20);
    const [error] = errorsOf({ name: 'a', ['x'.repeat(10_000)]: 1 });
    expect(error!.path).toHaveLength(64);
  });

  it('throws nothing but request.invalid, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (given) => {
        try {
          parse(schema, given);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'invalid', code: 'request.invalid' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
