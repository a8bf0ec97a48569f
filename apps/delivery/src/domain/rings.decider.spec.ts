import * as fc from 'fast-check';
import { RingEvent } from '@hark/contracts';
import { mayRing, ringsFold } from '@hark/gate';
import { specFor } from '@hark/testing';
import { CountRing, ringsDecider } from './rings.decider';

const at = '2026-11-28T09:00:00.000Z';
const counted = (pushId: string): RingEvent => ({ type: 'ring.counted', data: { pushId, at } });
const count = (pushId: string, dailyCap = 2): CountRing => ({ type: 'Count', pushId, dailyCap, at });
const rings = specFor(ringsDecider);

describe('the rings of a day', () => {
  it('are counted up to the cap, each push once', () => {
    rings.given().when(count('a')).then(counted('a'));
    rings.given(counted('a')).when(count('a')).thenNothing();
    rings.given(counted('a')).when(count('b')).then(counted('b'));
    rings.given(counted('a'), counted('b')).when(count('c')).thenNothing();
    rings.given(counted('a'), counted('b')).when(count('c', 3)).then(counted('c'));
  });

  it('stay within the cap in whatever order they come, and who was counted may ring', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 600 }), fc.integer({ min: 1, max: 300 }), (pushes, dailyCap) => {
        let state = ringsFold.initial;
        for (const push of pushes) {
          const before = state;
          state = ringsDecider.decide(count(String(push), dailyCap), state).reduce(ringsFold.evolve, state);
          expect(mayRing(state, String(push), dailyCap)).toBe(
            state !== before || before.pushIds.includes(String(push)),
          );
        }
        expect(state.count).toBeLessThanOrEqual(dailyCap);
        expect(state.pushIds.length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 50 },
    ));
});
