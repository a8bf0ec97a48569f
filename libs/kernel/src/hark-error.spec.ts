import { HarkError } from './hark-error';

describe('a HarkError', () => {
  it('is an Error with a kind, a code, details and a cause', () => {
    const cause = new Error('below');
    const error = new HarkError('refused', 'binding.ended', 'it ended', { extra: { until: 'x' } }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'HarkError',
      kind: 'refused',
      code: 'binding.ended',
      message: 'it ended',
      cause,
    });
    expect(error.detail).toEqual({ extra: { until: 'x' } });
    expect(error.stack).toContain('hark-error.spec');
  });

  it('has no details unless they are given', () => {
    expect(new HarkError('conflict', 'a.b', 'm').detail).toEqual({});
  });
});
