import { slipsBetween } from './slips-between';

describe('slips', () => {
  it.each([
    ['pushes', 'pushes', 0],
    ['push', 'pushes', 2],
    ['ttile', 'title', 1],
    ['boddy', 'body', 1],
    ['bdoy', 'body', 1],
    ['bady', 'body', 1],
    ['', 'key', 3],
    ['key', '', 3],
  ])('between %j and %j are %i', (left, right, slips) => {
    expect(slipsBetween(left, right)).toBe(slips);
    expect(slipsBetween(right, left)).toBe(slips);
  });
});
