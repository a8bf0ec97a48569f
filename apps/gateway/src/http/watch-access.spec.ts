import { HarkError } from '@hark/kernel';
import { checkedForMs } from '../session/live-sessions';
import { untilRefused, watchEveryMs } from './watch-access';

const session = { userId: 'u', sessionId: 's', roles: ['user', 'operator'], rolesVersion: 1 };
const away = new HarkError('unavailable', 'service.unavailable', 'away');
const ended = new HarkError('refused', 'session.invalid', 'ended');

/** What is said of the session, one look after the other; the last for ever. */
const saying = (...told: (typeof session | { roles: string[]; withheld?: true } | HarkError)[]) => {
  let looks = 0;
  return {
    looks: () => looks,
    knownUser: async () => undefined,
    verify: async () => {
      const said = told[Math.min(looks++, told.length - 1)]!;
      if (said instanceof HarkError) throw said;
      return { ...session, ...said };
    },
  };
};
const never = new AbortController().signal;

describe('a response that stays open (A18)', () => {
  it.each([
    ['the session ends', ended, 'session.invalid'],
    ['the role is taken away', { roles: ['user'] }, 'role.required'],
    ['the roles changed', new HarkError('refused', 'session.expired', 'x'), 'session.expired'],
    ['the second factor runs out', { roles: ['user'], withheld: true as const }, 'role.second-factor'],
  ])('is told when %s', async (_, then, code) => {
    const sessions = saying(session, session, away, session, then);
    expect(await untilRefused('operator', 'token', sessions, never, 0)).toMatchObject({ code });
    expect(sessions.looks()).toBe(5);
  });

  it('goes on through a short outage, and no longer', async () => {
    jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(2_999).mockReturnValue(3_001);
    expect(await untilRefused('user', 'token', saying(away), never, 0)).toBe(away);
    jest.restoreAllMocks();
  });

  it('is looked at no longer once it is over', async () => {
    const over = new AbortController();
    const watching = untilRefused('user', 'token', saying(session), over.signal, 0);
    over.abort();
    expect(await watching).toBeUndefined();
  });

  it('is looked at so often that what ended takes effect within five seconds', () =>
    expect(checkedForMs + watchEveryMs).toBeLessThan(5_000));
});
