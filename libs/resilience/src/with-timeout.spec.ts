import { setImmediate } from 'node:timers/promises';
import { withTimeout } from './with-timeout';

describe('work with a time-out', () => {
  const never = new Promise<string>(() => undefined);
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('comes to its own end when that is first, and leaves no timer behind', async () => {
    const before = timers();
    const late = jest.fn();
    await expect(withTimeout(60_000, Promise.resolve('done'), late)).resolves.toBe('done');
    await expect(withTimeout(60_000, Promise.reject(new Error('own')), late)).rejects.toThrow('own');
    expect(timers()).toBe(before);
    expect(late).not.toHaveBeenCalled();
  });

  it('comes to what was given for the deadline, a value or an error, also when that is past', async () => {
    await expect(withTimeout(1, never, () => 'late')).resolves.toBe('late');
    await expect(withTimeout(-1, never, () => Promise.reject(new Error('late')))).rejects.toThrow('late');
  });

  it('may fail unheard after the deadline', async () => {
    let fail = (_: Error): void => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    await expect(withTimeout(1, work, () => 'late')).resolves.toBe('late');
    fail(new Error('too late'));
    await setImmediate();
  });
});
