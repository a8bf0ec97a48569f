import { HarkError } from '@hark/kernel';
import { harkErrorOf, wireErrorOf } from './wire-error';

describe('errors on the wire', () => {
  it('arrive as they were thrown', () => {
    const thrown = new HarkError('refused', 'app.suspended', 'suspended', {
      extra: { until: '2026-01-01T00:00:00.000Z' },
    });
    const arrived = harkErrorOf(JSON.parse(JSON.stringify(wireErrorOf(thrown))));
    expect(arrived).toEqual(thrown);
    expect(arrived.detail).toEqual(thrown.detail);
  });

  it.each([new Error('secret'), 'a text', undefined, null, { kind: 'invalid', code: 'a.b' }, Symbol('s')])(
    'tell nothing of a defect: %p',
    (error) => expect(wireErrorOf(error)).toEqual({ kind: 'unavailable', code: 'hark.internal' }),
  );

  it.each([
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { kind: 'invalid' },
    { kind: 'odd', code: 'a.b' },
    { kind: 'invalid', code: 5 },
  ])('are internal when they are not ours: %p', (wire) =>
    expect(harkErrorOf(wire)).toMatchObject({ kind: 'unavailable', code: 'hark.internal' }),
  );

  it('keep only what is well-formed', () =>
    expect(
      harkErrorOf({
        kind: 'invalid',
        code: 'a.b',
        message: 7,
        extra: { a: 1, b: {} },
        errors: [{ path: 'p', message: 'm' }, 4],
      }),
    ).toMatchObject({
      message: 'answered a.b',
      detail: { extra: { a: 1 }, errors: [{ path: 'p', message: 'm' }] },
    }));
});
