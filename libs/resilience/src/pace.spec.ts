import { Pace } from './pace';

const pace = () => new Pace({ least: 2, most: 32, turnMs: 10 });
const turns = (one: Pace, times: number, tookMs: number) => {
  for (let turn = 0; turn < times; turn += 1) one.turned(tookMs);
  return one.allowed;
};

describe('the pace of work in the background', () => {
  it('begins with the least, and grows to the most while the loop turns quickly', () => {
    const one = pace();
    expect(one.allowed).toBe(2);
    expect(turns(one, 5, 1)).toBe(7);
    expect(turns(one, 100, 1)).toBe(32);
  });

  it('gives way within a few slow turns, never below the least, and comes back', () => {
    const one = pace();
    turns(one, 100, 1);
    expect(turns(one, 12, 40)).toBeLessThan(6);
    expect(turns(one, 100, 40)).toBe(2);
    expect(turns(one, 60, 1)).toBe(32);
  });

  it('is not put off by one slow turn', () => {
    const one = pace();
    turns(one, 100, 1);
    expect(turns(one, 1, 40)).toBe(32);
  });
});
