import { BackOff } from './back-off';

describe('a back-off', () => {
  it('doubles up to the most, and begins anew after a success', () => {
    const backOff = new BackOff(100, 1_000, () => 0);
    const waits = () => Array.from({ length: 5 }, () => backOff.nextMs());
    expect(waits()).toEqual([100, 200, 400, 800, 1_000]);
    backOff.reset();
    expect(backOff.nextMs()).toBe(100);
  });

  it('is shortened at random by up to half', () => {
    expect(new BackOff(100, 1_000, () => 0.999).nextMs()).toBe(51);
  });
});
