import { Locale, LogInEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** How long a mailed log-in code is valid, in milliseconds. */
export const logInCodeLifeMs = 10 * 60_000;
/** After this many wrong codes the challenge is over. */
export const logInGuessesMax = 5;

/** A log-in by a mailed code. */
export type LogIn =
  | { readonly is: 'absent' }
  | {
      readonly is: 'open' | 'proven' | 'expired';
      /** Sealed under the challenge's own key. */
      readonly address: string;
      readonly code: string;
      readonly codeHash: string;
      readonly locale: Locale;
      readonly expiresAt: IsoTime;
      /** The wrong tries so far, by the command that made each. */
      readonly guesses: readonly string[];
    };

export type LogInCommand = { readonly at: IsoTime } & (
  | {
      readonly type: 'Challenge';
      readonly address: string;
      readonly code: string;
      readonly codeHash: string;
      readonly locale: Locale;
    }
  /** A wrong code is recorded, not thrown, else it could be guessed for ever: look at the state afterwards. */
  | { readonly type: 'Prove'; readonly codeHash: string; readonly guessId: string }
  | { readonly type: 'Expire' }
);

/** The rules of a log-in by code. What it tells of an unknown challenge, an expired and a spent one is the same. */
export const logInDecider: Decider<LogIn, LogInCommand, LogInEvent> = {
  initial: { is: 'absent' },

  decide(command, logIn) {
    const { at } = command;
    switch (command.type) {
      case 'Challenge': {
        const { type: _, ...data } = command;
        if (logIn.is !== 'absent') return [];
        return [{ type: 'log_in.challenged', data: { ...data, expiresAt: plusMs(at, logInCodeLifeMs) } }];
      }
      case 'Prove': {
        const { codeHash, guessId } = command;
        if (logIn.is === 'absent' || logIn.is === 'expired' || at >= logIn.expiresAt) throw challengeOver();
        const isRight = credentialMatches(codeHash, logIn.codeHash);
        // The code once more, after it was proven: the session says whether this client may have it again.
        if (logIn.is === 'proven' && isRight) return [];
        if (logIn.is === 'proven' || logIn.guesses.length >= logInGuessesMax) throw challengeOver();
        if (logIn.guesses.includes(guessId)) return [];
        return isRight
          ? [{ type: 'log_in.proven', data: { at } }]
          : [{ type: 'log_in.guess-failed', data: { guessId, at } }];
      }
      case 'Expire':
        return logIn.is === 'open' && at >= logIn.expiresAt ? [{ type: 'log_in.expired', data: { at } }] : [];
    }
  },

  evolve(logIn, event) {
    if (event.type === 'log_in.challenged') {
      const { at: _, ...challenge } = event.data;
      return { is: 'open', ...challenge, guesses: [] };
    }
    if (logIn.is === 'absent') return logIn;
    switch (event.type) {
      case 'log_in.guess-failed':
        return { ...logIn, guesses: [...logIn.guesses, event.data.guessId] };
      case 'log_in.proven':
        return { ...logIn, is: 'proven' };
      case 'log_in.expired':
        return { ...logIn, is: 'expired' };
      default:
        event satisfies never;
        return logIn;
    }
  },
};

/** The answer to whatever is no open challenge. */
export const challengeOver = () =>
  new HarkError('refused', 'session.challenge-over', 'no code of this challenge is taken any more');
