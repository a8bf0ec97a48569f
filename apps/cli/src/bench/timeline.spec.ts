import { timelineOf } from './timeline';

describe('a run second by second', () => {
  it('counts a push in the second in which it was due', () => {
    const dueAtMs = new Map([
      [0, 10_000],
      [1, 10_500],
      [2, 11_000],
    ]);
    const acceptedAtMs = new Map([
      [0, 10_005],
      [1, 10_507],
      [2, 11_004],
    ]);
    const arrivedAtMs = new Map([
      [0, 10_020],
      [1, 12_500],
    ]);
    expect(timelineOf(10_000, { dueAtMs, acceptedAtMs, arrivedAtMs })).toEqual([
      {
        ...{ second: 0, accepted: 2, arrived: 2, acceptP50Ms: 5, acceptP99Ms: 7 },
        ...{ endToEndP50Ms: 20, endToEndP99Ms: 2_000 },
      },
      {
        ...{ second: 1, accepted: 1, arrived: 0, acceptP50Ms: 4, acceptP99Ms: 4 },
        ...{ endToEndP50Ms: null, endToEndP99Ms: null },
      },
    ]);
  });
});
