import { clockOffsetMs } from './clock-offset';

describe('the offset between two clocks', () => {
  it('is none when what was received lies between sent and answered', () => {
    expect(clockOffsetMs([{ sentAtMs: 100, receivedAtMs: 101.2, answeredAtMs: 103 }])).toBe(0);
    expect(clockOffsetMs([])).toBe(0);
  });

  it('is told by the quickest probe, from its middle', () => {
    const slow = { sentAtMs: 100, receivedAtMs: 5_000, answeredAtMs: 300 };
    const quick = { sentAtMs: 400, receivedAtMs: 10_401, answeredAtMs: 402 };
    expect(clockOffsetMs([slow, quick])).toBe(-10_000);
  });
});
