import * as fc from 'fast-check';
import { AddressEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { addressDecider, ChallengeLimit, challengeLimits, challengeWindowMs, isProven } from './address.decider';

const at = '2026-01-05T09:00:00.000Z';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const challenge = (n: number, time = at, limit: ChallengeLimit = 'mailbox') =>
  ({ type: 'Challenge', challengeId: id(n), limit, at: time }) as const;
const challengesMax = challengeLimits.mailbox.max;
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

describe('each limit', () => {
  it.each(Object.entries(challengeLimits) as [ChallengeLimit, { max: number; code: never }][])(
    'of the %s is kept, and says when there is room again',
    (limit, { max, code }) => {
      const full = Array.from({ length: max }, (_, n) => challenged(n + 1, plusMs(at, n)));
      const next = challenge(999, plusMs(at, 3_600_000), limit);
      address
        .given(...full.slice(1))
        .when(next)
        .then(challenged(999, next.at));
      address
        .given(...full)
        .when(next)
        .thenRefused(code);
      const refused = expect.objectContaining({ detail: { extra: { max, retryAfter: 23 * 3_600 } } }) as Error;
      expect(() => addressDecider.decide(next, full.reduce(addressDecider.evolve, addressDecider.initial))).toThrow(
        refused,
      );
    },
  );
});

describe('a place from which a mailbox was proven', () => {
  const proven = (time = at): AddressEvent => ({ type: 'address.proven', data: { at: time } });
  const prove = (afterMs: number) => ({ type: 'Prove', at: plusMs(at, afterMs) }) as const;
  const dayMs = 24 * 3_600_000;

  it('is noted, and anew after a week', () => {
    address.given(challenged(1)).when(prove(0)).then(proven());
    address
      .given(proven())
      .when(prove(7 * dayMs - 1))
      .thenNothing();
    address
      .given(proven())
      .when(prove(7 * dayMs))
      .then(proven(plusMs(at, 7 * dayMs)));
  });

  it('counts as one for ninety days', () => {
    const state = addressDecider.evolve(addressDecider.initial, proven());
    expect(isProven(addressDecider.initial, at)).toBe(false);
    expect(isProven(state, plusMs(at, 90 * dayMs - 1))).toBe(true);
    expect(isProven(state, plusMs(at, 90 * dayMs))).toBe(false);
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
        expect(state.challenges.length).toBeLessThanOrEqual(challengesMax);
      }),
    ));
});
