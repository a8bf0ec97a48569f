import { HarkError } from '@hark/kernel';
import { isTransient } from './transient';

describe('a transient failure', () => {
  const code = (value: string, cause?: unknown) => Object.assign(new Error('x', { cause }), { code: value });
  it.each([
    new HarkError('unavailable', 'service.unavailable', ''),
    code('ECONNREFUSED'),
    code('57P01'),
    code('40001'),
    code('53300'),
    new Error('wrapped', { cause: code('ECONNRESET') }),
    new AggregateError([code('ECONNREFUSED')]),
    new Error('Connection terminated unexpectedly'),
  ])('is %p', (error: unknown) => expect(isTransient(error)).toBe(true));

  it.each([
    new HarkError('refused', 'binding.ended', ''),
    new HarkError('refused', 'binding.ended', '', {}, { cause: code('ECONNREFUSED') }),
    new TypeError('a bug'),
    code('23505'),
    code('42P01'),
    'text',
    undefined,
  ])('is not %p', (error) => expect(isTransient(error)).toBe(false));
});
