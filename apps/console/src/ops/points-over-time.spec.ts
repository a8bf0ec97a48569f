import { pointsOverTime } from './points-over-time';

const at = '2026-11-29T09:00:00.000Z';

describe('points over time', () => {
  it('are what was left after each event that changed them, oldest first, and what there is now', () => {
    const history = [
      { event: 'standing.throttled', at },
      { event: 'standing.penalized', at, points: 3, left: 6 },
      { event: 'standing.penalized', at, points: 3, left: 9 },
      { event: 'standing.opened', at, points: 12 },
    ];
    const steps = [
      { left: 12, at },
      { left: 9, at },
      { left: 6, at },
    ];
    expect(pointsOverTime(history, 6)).toEqual(steps);
    expect(pointsOverTime(history, 7)).toEqual([...steps, { left: 7 }]);
    expect(pointsOverTime([], 12)).toEqual([]);
  });
});
