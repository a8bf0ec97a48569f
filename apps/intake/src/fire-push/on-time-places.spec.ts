import { OnTimePlaces, placesPerSecond } from './on-time-places';

const taken = (places: OnTimePlaces, dueAt: string, times: number) =>
  Array.from({ length: times }, () => places.take(dueAt)).filter(Boolean).length;

describe('places of what is on time', () => {
  it('are so many for each second that something is due in', () => {
    const places = new OnTimePlaces();
    expect(taken(places, '2026-11-29T09:00:00.000Z', placesPerSecond + 36)).toBe(placesPerSecond);
    expect(taken(places, '2026-11-29T09:00:00.999Z', 1)).toBe(0);
    expect(taken(places, '2026-11-29T09:00:01.000Z', 1)).toBe(1);
  });

  it('are forgotten in order, so that nothing grows', () => {
    const places = new OnTimePlaces();
    for (let second = 10; second < 60; second += 1) {
      expect(taken(places, `2026-11-29T09:00:${second}.000Z`, 2)).toBe(2);
    }
    expect(taken(places, '2026-11-29T09:00:59.000Z', placesPerSecond)).toBe(placesPerSecond - 2);
    expect(taken(places, '2026-11-29T09:00:10.000Z', placesPerSecond)).toBe(placesPerSecond);
  });
});
