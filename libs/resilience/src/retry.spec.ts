import { BackOff } from './back-off';
import { retry, RetryOptions } from './retry';

describe('trying again', () => {
  const options = (left: Partial<RetryOptions> = {}): RetryOptions => ({
    backOff: new BackOff(1, 1),
    giveUpAtMs: performance.now() + 10_000,
    isTransient: () => true,
    ...left,
  });
  const failing = (times: number) => {
    let tries = 0;
    return jest.fn(() => (++tries <= times ? Promise.reject(new Error(`${tries}`)) : Promise.resolve(tries)));
  };

  it('ends with the first success', async () => {
    const work = failing(3);
    await expect(retry(work, options())).resolves.toBe(4);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('does not begin where it cannot help, or would come too late', async () => {
    for (const left of [{ isTransient: () => false }, { giveUpAtMs: performance.now() }]) {
      const work = failing(1);
      await expect(retry(work, options(left))).rejects.toThrow('1');
      expect(work).toHaveBeenCalledTimes(1);
    }
  });
});
