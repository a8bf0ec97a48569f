import * as fc from 'fast-check';
import { eventSchemas, IdentityEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { identityDecider } from './identity.decider';

const at = '2026-01-05T09:00:00.000Z';
const user = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const link = (userId: string, instead: string | null) => ({ type: 'Link', userId, instead, at }) as const;
const linked = (userId: string): IdentityEvent => ({ type: 'identity.linked', data: { userId, at } });
const identity = specFor(identityDecider);

describe('whose log-in it is', () => {
  it('is decided by the first', () =>
    identity
      .given()
      .when(link(user(1), null))
      .then(linked(user(1))));
  it('is not decided again by who came second', () =>
    identity
      .given(linked(user(1)))
      .when(link(user(2), null))
      .thenNothing());
  it('passes on from who was erased', () =>
    identity
      .given(linked(user(1)))
      .when(link(user(2), user(1)))
      .then(linked(user(2))));
  it('passes on once', () =>
    identity
      .given(linked(user(1)), linked(user(2)))
      .when(link(user(3), user(1)))
      .thenNothing());

  it('has one winner, in whatever order many try', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (tries) => {
        let state = identityDecider.initial;
        for (const n of tries) {
          for (const event of identityDecider.decide(link(user(n), null), state)) {
            expect(eventSchemas[event.type]!.safeParse(event.data).success).toBe(true);
            state = identityDecider.evolve(state, event);
          }
        }
        expect(state.userId).toBe(user(tries[0]!));
      }),
    );
  });
});
