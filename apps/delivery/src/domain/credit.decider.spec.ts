import fc from 'fast-check';
import { CreditEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { CreditCommand, creditDecider, creditsMax } from './credit.decider';

const at = '2026-11-22T09:00:00.000Z';
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const granted = (n: number, count = 1): CreditEvent => ({
  type: 'credit.granted',
  data: { reportId: id(n), count, at },
});
const taken = (n: number): CreditEvent => ({ type: 'credit.taken', data: { spendId: id(n), at } });
const take = (n: number) => ({ type: 'Take', spendId: id(n), at }) as const;
const back = (n: number) => ({ type: 'Return', spendId: id(n), at }) as const;
const credits = specFor(creditDecider);

describe('credits for WeChat reminders', () => {
  it('come with what the person accepts, a report once, and not without end', () => {
    const grant = (count: number) => ({ type: 'Grant', reportId: id(1), count, at }) as const;
    credits.given().when(grant(2)).then(granted(1, 2));
    credits.given(granted(1, 2)).when(grant(2)).thenNothing();
    credits
      .given(granted(2, creditsMax - 1))
      .when(grant(5))
      .then(granted(1, 1));
    credits.given(granted(2, creditsMax)).when(grant(1)).thenNothing();
  });

  it('are taken one a message while there are any, and a repeat takes none', () => {
    credits.given(granted(1)).when(take(1)).then(taken(1));
    credits.given(granted(1, 2), taken(1)).when(take(1)).thenNothing();
    credits.given(granted(1), taken(1)).when(take(2)).thenNothing();
    credits.given().when(take(1)).thenNothing();
  });

  it('come back once for a message that was not sent, and never after WeChat said there are none', () => {
    const returned: CreditEvent = { type: 'credit.returned', data: { spendId: id(1), at } };
    const empty = { type: 'Empty', reason: 'refused', at } as const;
    const emptied: CreditEvent = { type: 'credit.emptied', data: { reason: 'refused', at } };
    credits.given(granted(1), taken(1)).when(back(1)).then(returned);
    credits.given(granted(1), taken(1), returned).when(back(1)).thenNothing();
    credits.given(granted(1, 3), taken(1)).when(empty).then(emptied);
    credits.given(granted(1, 3), taken(1), emptied).when(back(1)).thenNothing();
    credits.given().when(empty).thenNothing();
  });

  it('are never below zero and never more than were granted, whatever is asked', () => {
    const command: fc.Arbitrary<CreditCommand> = fc.oneof(
      fc.record({
        type: fc.constant('Grant' as const),
        reportId: fc.nat(5).map(id),
        count: fc.integer({ min: 1, max: 3 }),
        at: fc.constant(at),
      }),
      fc.nat(9).map(take),
      fc.nat(9).map(back),
      fc.constant({ type: 'Empty' as const, reason: 'rejected' as const, at }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let state = creditDecider.initial;
        let grantedInAll = 0;
        for (const one of commands) {
          for (const event of creditDecider.decide(one, state)) {
            state = creditDecider.evolve(state, event);
            if (event.type === 'credit.granted') grantedInAll += event.data.count;
          }
          expect(state.left).toBeGreaterThanOrEqual(0);
          expect(state.left + state.spent.length).toBeLessThanOrEqual(grantedInAll);
        }
      }),
    );
  });
});
