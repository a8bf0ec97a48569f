import { TimedMemory } from './timed-memory';

describe('a memory of a short while', () => {
  let nowMs: number;
  let memory: TimedMemory<number>;
  beforeEach(() => {
    nowMs = 0;
    memory = new TimedMemory(1_000, 2, () => nowMs);
  });

  it('forgets after its time, counted from the latest telling', () => {
    memory.set('a', 1);
    nowMs = 600;
    memory.set('a', 2);
    nowMs = 1_599;
    expect(memory.get('a')).toBe(2);
    nowMs = 1_600;
    expect(memory.get('a')).toBeUndefined();
  });

  it('never holds more than its bound; the oldest goes', () => {
    for (const [index, key] of ['a', 'b', 'c'].entries()) memory.set(key, index);
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([undefined, 1, 2]);
  });

  it('forgets a value on request, but not the one that took its place', () => {
    memory.set('a', 1);
    memory.set('a', 2);
    memory.delete('a', 1);
    expect(memory.get('a')).toBe(2);
    memory.delete('a', 2);
    expect(memory.get('a')).toBeUndefined();
  });
});
