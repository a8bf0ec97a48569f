import { LogHead } from './log-head';

/** A log whose reads answer when they are let go, with the head as it is when they begin. */
class SlowLog {
  head = 0n;
  reads = 0;
  private waiting: (() => void)[] = [];

  readonly read = async (): Promise<bigint> => {
    this.reads += 1;
    const seen = this.head;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return seen;
  };
  async letGo(): Promise<void> {
    for (const resolve of this.waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the head of the log', () => {
  it('is read once for all who ask at the same time, and not at all for what is known', async () => {
    const log = new SlowLog();
    log.head = 5n;
    const head = new LogHead(log.read);
    const asked = Promise.all(Array.from({ length: 200 }, () => head.reaches(9_223_372_036_854_775_807n)));
    await log.letGo();
    await log.letGo();
    expect(new Set(await asked)).toEqual(new Set([false]));
    expect(log.reads).toBeLessThanOrEqual(2);
    const { reads } = log;
    expect(await head.reaches(5n)).toBe(true);
    expect(log.reads).toBe(reads);
  });

  it('is not answered from a read that began before the write', async () => {
    const log = new SlowLog();
    const head = new LogHead(log.read);
    const made = head.reaches(99n);
    log.head = 7n;
    const real = head.reaches(7n);
    await log.letGo();
    await log.letGo();
    expect(await made).toBe(false);
    expect(await real).toBe(true);
  });

  it('tells whoever asks when it cannot be read, and is read anew for the next', async () => {
    let away = true;
    const head = new LogHead(() => (away ? Promise.reject(new Error('away')) : Promise.resolve(3n)));
    await expect(head.reaches(1n)).rejects.toThrow('away');
    away = false;
    expect(await head.reaches(1n)).toBe(true);
  });
});
