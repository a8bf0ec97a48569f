import { DigestEvent } from '@hark/contracts';
import { digestDecider } from './digest.decider';

const at = '2026-11-28T09:00:00.000Z';
const [one, two, three] = ['p-1', 'p-2', 'p-3'];
const led = (pushId: string): DigestEvent => ({ type: 'digest.led', data: { pushId, at } });
const lead = (given: DigestEvent[], pushId: string, insteadOf: string | null) =>
  digestDecider.decide(
    { type: 'Lead', pushId, insteadOf, at },
    given.reduce(digestDecider.evolve, digestDecider.initial),
  );

describe('the lead of a digest', () => {
  it('is whoever comes first', () => {
    expect(lead([], one, null)).toEqual([led(one)]);
    expect(lead([led(one)], two, null)).toEqual([]);
    expect(lead([led(one)], one, null)).toEqual([]);
  });

  it('is replaced by one that knows it, and by no other', () => {
    expect(lead([led(one)], two, one)).toEqual([led(two)]);
    expect(lead([led(one), led(two)], three, one)).toEqual([]);
    expect(lead([led(one), led(two)], one, two)).toEqual([led(one)]);
  });
});
