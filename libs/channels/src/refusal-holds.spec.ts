import { FixedClock, plusMs } from '@hark/kernel';
import { RefusalHolds } from './refusal-holds';

const noon = '2026-11-22T12:00:00.000Z';

describe('what refused of late', () => {
  const held = () => {
    const clock = new FixedClock(noon);
    const holds = new RefusalHolds(clock);
    holds.refused('box', plusMs(noon, 300_000));
    return { clock, holds };
  };

  it('is left alone until its time, and nothing else is', () => {
    const { clock, holds } = held();
    expect([holds.waitMs('box'), holds.waitMs('other')]).toEqual([300_000, 0]);
    clock.moveTo(plusMs(noon, 299_999));
    expect(holds.waitMs('box')).toBe(1);
  });

  it('is asked by one then, while the others wait for the answer', () => {
    const { clock, holds } = held();
    clock.moveTo(plusMs(noon, 300_000));
    expect([holds.waitMs('box'), holds.waitMs('box')]).toEqual([0, 2_000]);
    holds.refused('box', plusMs(noon, 2_100_000));
    expect([holds.waitMs('box'), holds.refusalsOf('box')]).toEqual([1_800_000, 2]);
    clock.moveTo(plusMs(noon, 2_100_000));
    expect(holds.waitMs('box')).toBe(0);
    holds.relented('box');
    expect([holds.waitMs('box'), holds.waitMs('box'), holds.refusalsOf('box')]).toEqual([0, 0, 0]);
  });

  it('may be asked again when whoever asked it never came back', () => {
    const { clock, holds } = held();
    clock.moveTo(plusMs(noon, 300_000));
    expect(holds.waitMs('box')).toBe(0);
    clock.moveTo(plusMs(noon, 315_001));
    expect(holds.waitMs('box')).toBe(0);
    holds.undecided('box');
    expect(holds.waitMs('box')).toBe(0);
  });

  it('is not held for longer when the clock is set back', () => {
    const { clock, holds } = held();
    clock.moveTo(plusMs(noon, -86_400_000));
    expect(holds.waitMs('box')).toBe(0);
  });
});
