import * as fc from 'fast-check';
import { mask, masked } from './masked';

const id = '11111111-1111-4111-8111-111111111111';

describe('what operators see of an event', () => {
  it.each([
    id,
    '2026-11-28T09:00:00.000Z',
    'signed-out',
    'strong',
    'moderation.fraud',
    `user:${id}`,
    'HARK_ADMINS',
    'service:auth',
  ])('is %s, as it is', (plain) =>
    expect(masked({ reason: plain, list: [plain] })).toEqual({ reason: plain, list: [plain] }),
  );

  it.each([
    `v1.${id}.aXYxMjM0NTY3ODkw.a2V5`,
    'a'.repeat(64),
    'deadbeef'.repeat(8),
    'ann@mail.example',
    'https://a.example/x',
    '工程师已出发',
    'oABC_openid',
    '13800000000',
    'two words',
    '',
    'user:ann@mail.example',
  ])('is never %s', (personal) => expect(masked({ field: personal })).toEqual({ field: mask }));

  it('is nobody’s own word, even one that looks like ours', () =>
    expect(masked({ name: 'tickets', note: 'spam', nested: { openid: 'ann', level: 'strong' } })).toEqual({
      name: mask,
      note: mask,
      nested: { openid: mask, level: 'strong' },
    }));

  it('keeps numbers, truth and null, and the shape', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shape = (one: unknown): unknown =>
          typeof one === 'string'
            ? 0
            : Array.isArray(one)
              ? one.map(shape)
              : typeof one === 'object' && one !== null
                ? Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, shape(inner)]))
                : one;
        expect(shape(masked(value))).toEqual(shape(value));
      }),
    ));
});
