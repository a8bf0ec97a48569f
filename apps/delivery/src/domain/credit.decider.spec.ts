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

  it('are one where the client and WeChat tell of the same answer, whoever does so first, and two where they are two', () => {
    const accept = (n: number, by: 'client' | 'wechat', time = at) =>
      ({ type: 'Grant', reportId: id(n), count: 1, by, at: time }) as const;
    const byWechat: CreditEvent = { type: 'credit.granted', data: { reportId: id(2), count: 1, by: 'wechat', at } };
    const confirmed = (n: number, by: 'client' | 'wechat'): CreditEvent => ({
      type: 'credit.confirmed',
      data: { reportId: id(n), by, at },
    });
    credits.given(granted(1)).when(accept(2, 'wechat')).then(confirmed(2, 'wechat'));
    credits.given(byWechat).when(accept(1, 'client')).then(confirmed(1, 'client'));
    credits.given(granted(1), confirmed(2, 'wechat')).when(accept(2, 'wechat')).thenNothing();
    credits.given(granted(1), confirmed(3, 'wechat')).when(accept(2, 'wechat')).then(byWechat);
    credits.given(granted(1), confirmed(2, 'wechat')).when(accept(3, 'client')).then(granted(3));
    // Long after, it is another answer: before WeChat's events came here, nothing of theirs was confirmed.
    const later = '2026-11-22T09:10:00.001Z';
    credits
      .given(granted(1))
      .when(accept(2, 'wechat', later))
      .then({ type: 'credit.granted', data: { reportId: id(2), count: 1, by: 'wechat', at: later } });
  });

  it('are none by an event of WeChat’s once, however often it comes', () => {
    const empty = { type: 'Empty', reason: 'rejected', reportId: id(7), at } as const;
    const emptied: CreditEvent = { type: 'credit.emptied', data: { reason: 'rejected', reportId: id(7), at } };
    credits.given(granted(1, 3)).when(empty).then(emptied);
    credits.given().when(empty).then(emptied);
    credits.given(emptied, granted(1)).when(empty).thenNothing();
  });

  it('are never below zero and never more than were granted, whatever is asked', () => {
    const command: fc.Arbitrary<CreditCommand> = fc.oneof(
      fc.record({
        type: fc.constant('Grant' as const),
        reportId: fc.nat(5).map(id),
        count: fc.integer({ min: 1, max: 3 }),
        by: fc.constantFrom('client' as const, 'wechat' as const),
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
