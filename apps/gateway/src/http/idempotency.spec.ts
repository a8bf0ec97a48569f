import * as fc from 'fast-check';
import { isUuid } from '@hark/kernel';
import { commandIdentity } from './idempotency';

describe('the identity of a command', () => {
  it('is derived from caller, call and key, for ever in the same way', () => {
    // Stored in event ids: a change here makes yesterday's repeats new commands.
    expect(commandIdentity('k-1', 'hk_1', 'POST /v1/pushes', { body: 'b' })).toEqual({
      commandId: '1fb32071-f7aa-5616-b292-3cbe8b9b7982',
      requestHash: '1c1f0ba7d68879259470a97321aec2add1c3949951676fab1fd0708fcc8b4c20',
    });
  });

  it('is new each time without a key', () => {
    const [one, other] = [0, 1].map(() => commandIdentity(undefined, 'c', 'POST /', {}));
    expect(one).not.toEqual(other);
    expect(isUuid(one!.commandId)).toBe(true);
    expect(one).not.toHaveProperty('requestHash');
  });

  it.each(['', 'x'.repeat(256), 'é', 'a\tb', 'a\nb', '\0', '键'])('is refused for the key %j', (key) => {
    expect(() => commandIdentity(key, 'c', 'POST /', {})).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'idempotency.key-invalid' }) as Error,
    );
  });

  it.each(['x', 'x'.repeat(255), ' ', '"a,b"'])('is had with the key %j', (key) => {
    expect(isUuid(commandIdentity(key, 'c', 'POST /', {}).commandId)).toBe(true);
  });

  const word = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
  it('differs when caller, call or key differ, however they are put together', () => {
    const triple = fc.tuple(word, word, word);
    fc.assert(
      fc.property(triple, triple, (one, other) => {
        const same = one.every((part, index) => part === other[index]);
        const [left, right] = [one, other].map(
          ([key, caller, call]) => commandIdentity(key, caller, call, {}).commandId,
        );
        return (left === right) === same;
      }),
    );
    expect(commandIdentity('k', 'a","b', 'c', {}).commandId).not.toBe(commandIdentity('k', 'a', 'b","c', {}).commandId);
  });

  it('tells callers without a name apart by what they ask', () => {
    const logIn = (code: string) => commandIdentity('k', undefined, 'POST /v1/sessions', { code });
    expect(logIn('a')).toEqual(logIn('a'));
    expect(logIn('a').commandId).not.toBe(logIn('b').commandId);
    const { commandId, requestHash } = logIn('a');
    const named = commandIdentity('k', JSON.stringify({ requestHash }), 'POST /v1/sessions', { code: 'a' });
    expect(named.commandId).not.toBe(commandId);
  });

  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    );
  };
  it('has one hash for one body, in whatever order its fields come, and another for another', () => {
    const hashOf = (asked: unknown) => commandIdentity('k', 'c', 'POST /', asked).requestHash;
    fc.assert(fc.property(fc.jsonValue(), (body) => hashOf(body) === hashOf(shuffled(body))));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        return (hashOf(one) === hashOf(other)) === same;
      }),
    );
    expect(hashOf({ a: undefined, b: 1 })).toBe(hashOf({ b: 1 }));
    expect(hashOf({ a: null, b: 1 })).not.toBe(hashOf({ b: 1 }));
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
    expect(hashOf({ a: '1' })).not.toBe(hashOf({ a: 1 }));
  });
});

/** The value with its fields as pairs in order, for comparing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(([name, member]): [string, unknown] => [name, sorted(member)]);
  return { fields: pairs.sort(([left], [right]) => (left < right ? -1 : 1)) };
}
