import { until } from './until';

describe('waiting for a condition', () => {
  it('returns what came true, however often it failed before', async () => {
    let asked = 0;
    const third = async (): Promise<string | undefined> => {
      if (++asked === 1) throw new Error('not yet');
      return asked < 3 ? undefined : 'here';
    };
    expect(await until(third, { what: 'the third time' })).toBe('here');
  });

  it('gives up at the deadline, saying what for and why not', async () => {
    const never = until(() => Promise.reject(new Error('closed')), { what: 'an open door', deadlineMs: 30 });
    await expect(never).rejects.toMatchObject({
      message: expect.stringContaining('an open door'),
      cause: { message: 'closed' },
    });
  });
});
