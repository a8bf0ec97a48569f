import type { LogEvent } from './event-log';
import { RecentEvents } from './recent-events';

const mebibyte = 1_048_576;
const recent = (position: number, bytes = 1) => ({
  event: { position, data: new Uint8Array(bytes), metadata: new Uint8Array(0) } as LogEvent,
  stream: 1,
  hidden: false,
});

describe('the recent events', () => {
  it('are none before the first', () => {
    const events = new RecentEvents();
    expect(events.begin).toBe(Infinity);
    expect(events.at(1)).toBeUndefined();
  });

  it('begin with the first of this run', () => {
    const events = new RecentEvents();
    events.add(recent(7));
    events.add(recent(8));
    expect(events.begin).toBe(7);
    expect([6, 7, 8, 9].map((position) => events.at(position)?.event.position)).toEqual([undefined, 7, 8, undefined]);
  });

  it('are the newest in number', () => {
    const events = new RecentEvents();
    for (let position = 1; position <= 5_000; position += 1) events.add(recent(position));
    expect(events.begin).toBe(5_000 - 2_048 + 1);
    expect(events.at(events.begin - 1)).toBeUndefined();
    for (let position = events.begin; position <= 5_000; position += 1) {
      expect(events.at(position)?.event.position).toBe(position);
    }
  });

  it('are the newest in bytes, and none when one is too large', () => {
    const events = new RecentEvents();
    for (let position = 1; position <= 9; position += 1) events.add(recent(position, mebibyte));
    expect(events.begin).toBe(6);
    events.add(recent(10, 5 * mebibyte));
    expect(events.begin).toBe(11);
    events.add(recent(11));
    expect(events.at(11)?.event.position).toBe(11);
  });

  it('begin anew after they were cleared, where the next one stands', () => {
    const events = new RecentEvents();
    events.add(recent(1));
    events.add(recent(2));
    events.clear();
    expect(events.at(1)).toBeUndefined();
    events.add(recent(2));
    expect(events.begin).toBe(2);
  });
});
