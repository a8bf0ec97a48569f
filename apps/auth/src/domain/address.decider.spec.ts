import { AddressEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import * as fc from 'fast-check';
import { randomRun } from '../testing/random-run-spec';
import { addressDecider, challengesMax, challengeWindowMs } from './address.decider';

const at = '2026-01-05T09:00:00.000Z';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const challenge = (n: number, time = at) => ({ type: 'Challenge', challengeId: id(n), at: time }) as const;
const challenged = (n: number, time = at): AddressEvent => ({
  type: 'address.challenged',
  data: { challengeId: id(n), at: time },
});
const address = specFor(addressDecider);

describe('challenging an address', () => {
  it('counts the challenge', () => address.given(challenged(1)).when(challenge(2)).then(challenged(2)));

  it('counts a repeat once', () =>
    address.given(challenged(1), challenged(2), challenged(3)).when(challenge(1)).thenNothing());

  it('is refused a fourth time in a day, whoever asks', () =>
    address
      .given(challenged(1), challenged(2), challenged(3))
      .when(challenge(4, plusMs(at, challengeWindowMs - 1)))
      .thenRefused('endpoint.too-many-challenges'));

  it('is open again when the first is a day old', () => {
    const tomorrow = plusMs(at, challengeWindowMs);
    address
      .given(challenged(1), challenged(2), challenged(3))
      .when(challenge(4, tomorrow))
      .then(challenged(4, tomorrow));
  });
});

describe('any sequence of challenges', () => {
  const commands = fc.array(fc.tuple(fc.nat(40), fc.nat(12 * 3_600_000)), { maxLength: 40 }).map((asked) => {
    let now = at;
    return asked.map(([n, passedMs]) => challenge(n, (now = plusMs(now, passedMs))));
  });

  it('never has more than three within any 24 hours, nor remembers more', () =>
    fc.assert(
      fc.property(commands, (sequence) => {
        const { events, state } = randomRun(addressDecider, sequence);
        for (const [index, event] of events.entries()) {
          const fourth = events[index + challengesMax];
          if (fourth) expect(fourth.data.at >= plusMs(event.data.at, challengeWindowMs)).toBe(true);
        }
        expect(state.length).toBeLessThanOrEqual(challengesMax);
      }),
    ));
});
