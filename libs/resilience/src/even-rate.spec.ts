import { EvenRate } from './even-rate';

describe('an even rate', () => {
  let nowMs = 0;
  const began = (rate: EvenRate, times: number) => Array.from({ length: times }, () => rate.begun());

  it('spaces what begins, and makes up for what a late timer left out, but not for more', () => {
    const rate = new EvenRate(100, 50, () => nowMs);
    // From the start it may be as late as that.
    expect(began(rate, 7)).toEqual([0, 0, 0, 0, 0, 10, 20]);
    nowMs += 50;
    expect(began(rate, 4)).toEqual([0, 0, 0, 10]);
    nowMs += 10_000;
    expect(began(rate, 6)).toEqual([0, 0, 0, 0, 0, 10]);
  });
});
