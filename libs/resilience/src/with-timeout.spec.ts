import { withTimeout } from './with-timeout';

describe('work with a time-out', () => {
  const never = new Promise<string>(() => undefined);
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('comes to its own end when that is first, and leaves no timer behind', async () => {
    const late = jest.fn();
    await expect(withTimeout(60_000, Promise.resolve('done'), late)).resolves.toBe('done');
    await expect(withTimeout(60_000, Promise.reject(new Error('own')), late)).rejects.toThrow('own');
    expect(jest.getTimerCount()).toBe(0);
    expect(late).not.toHaveBeenCalled();
  });

  it('comes to what was given for the deadline, a value or an error, also when that is past', async () => {
    const ends = Promise.allSettled([
      withTimeout(1_000, never, () => 'late'),
      withTimeout(-1, never, () => Promise.reject(new Error('late'))),
    ]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await ends).toEqual([
      { status: 'fulfilled', value: 'late' },
      { status: 'rejected', reason: new Error('late') },
    ]);
  });

  it('may fail unheard after the deadline', async () => {
    let fail = (_: Error): void => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    const late = withTimeout(1_000, work, () => 'late');
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(late).resolves.toBe('late');
    fail(new Error('too late'));
    await jest.advanceTimersByTimeAsync(0); // what nobody hears would end the run here
  });
});
