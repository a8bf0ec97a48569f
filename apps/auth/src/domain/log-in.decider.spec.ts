import * as fc from 'fast-check';
import { eventSchemas, LogInEvent } from '@hark/contracts';
import { HarkError, plusMs, uuid5 } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { logInCodeLifeMs, LogInCommand, logInDecider, logInGuessesMax } from './log-in.decider';

const at = '2026-01-05T09:00:00.000Z';
const hash = (n: number) => String(n).padStart(64, '0');
const guessId = (n: number) => uuid5('00000000-0000-4000-8000-000000000001', String(n));
const sealed = 'v1.00000000-0000-4000-8000-000000000001.aXYxMjM0NTY3ODkw.eA';
const challenge = { type: 'Challenge', address: sealed, code: sealed, codeHash: hash(1), locale: 'en', at } as const;
const over = plusMs(at, logInCodeLifeMs);
const challenged: LogInEvent = {
  type: 'log_in.challenged',
  data: { address: sealed, code: sealed, codeHash: hash(1), locale: 'en', expiresAt: over, at },
};
const prove = (code: number, nth = 1, time = at) =>
  ({ type: 'Prove', codeHash: hash(code), guessId: guessId(nth), at: time }) as const;
const wrong = (nth: number): LogInEvent => ({ type: 'log_in.guess-failed', data: { guessId: guessId(nth), at } });
const proven: LogInEvent = { type: 'log_in.proven', data: { at } };
const expired: LogInEvent = { type: 'log_in.expired', data: { at: over } };
const logIn = specFor(logInDecider);

describe('a log-in by a mailed code', () => {
  it('is challenged once', () => {
    logIn.given().when(challenge).then(challenged);
    logIn
      .given(challenged)
      .when({ ...challenge, codeHash: hash(2) })
      .thenNothing();
  });
  it('is proven by its code, once', () => {
    logIn.given(challenged).when(prove(1)).then(proven);
    logIn.given(challenged, proven).when(prove(1, 2)).thenNothing();
    logIn.given(challenged, proven).when(prove(2, 2)).thenRefused('session.challenge-over');
  });
  it('counts a wrong code, a repeated one once', () => {
    logIn.given(challenged).when(prove(2)).then(wrong(1));
    logIn.given(challenged, wrong(1)).when(prove(2)).thenNothing();
    logIn.given(challenged, wrong(1)).when(prove(1, 2)).then(proven);
  });
  it('is over after five wrong codes, for the right one too', () => {
    const five = Array.from({ length: logInGuessesMax }, (_, n) => wrong(n));
    logIn
      .given(challenged, ...five)
      .when(prove(1, 9))
      .thenRefused('session.challenge-over');
  });
  it('is over after ten minutes', () => {
    logIn
      .given(challenged)
      .when(prove(1, 1, over))
      .thenRefused('session.challenge-over');
    logIn
      .given(challenged)
      .when({ type: 'Expire', at: plusMs(over, -1) })
      .thenNothing();
    logIn.given(challenged).when({ type: 'Expire', at: over }).then(expired);
    logIn.given(challenged, proven).when({ type: 'Expire', at: over }).thenNothing();
    logIn.given(challenged, expired).when(prove(1)).thenRefused('session.challenge-over');
  });
  it('is not there unless it was asked for', () => logIn.given().when(prove(1)).thenRefused('session.challenge-over'));

  it('is proven at most once and never after five wrong codes, whatever is tried', () => {
    const tries = fc.array(fc.record({ code: fc.integer({ min: 1, max: 3 }), nth: fc.nat(9), late: fc.nat(20) }));
    fc.assert(
      fc.property(tries, (all) => {
        const events: LogInEvent[] = [challenged];
        for (const { code, nth, late } of all) {
          const command: LogInCommand = prove(code, nth, plusMs(at, late * 60_000));
          try {
            events.push(...logInDecider.decide(command, events.reduce(logInDecider.evolve, logInDecider.initial)));
          } catch (error) {
            expect((error as HarkError).code).toBe('session.challenge-over');
          }
        }
        const types = events.map(({ type }) => type);
        expect(events.every((event) => eventSchemas[event.type]!.safeParse(event.data).success)).toBe(true);
        expect(types.filter((type) => type === 'log_in.proven').length).toBeLessThanOrEqual(1);
        expect(types.filter((type) => type === 'log_in.guess-failed').length).toBeLessThanOrEqual(logInGuessesMax);
      }),
    );
  });
});
