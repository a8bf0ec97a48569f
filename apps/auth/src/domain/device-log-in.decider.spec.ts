import fc from 'fast-check';
import { DeviceLogInEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { DeviceLogInCommand, deviceLogInDecider } from './device-log-in.decider';
import { userCodeFrom, userCodeOf } from './user-code';

const at = '2026-01-05T09:00:00.000Z';
const late = '2026-01-05T09:10:00.000Z';
const deviceHash = 'd'.repeat(64);
const opened: DeviceLogInEvent = { type: 'device_log_in.opened', data: { deviceHash, expiresAt: late, at } };
const by = (type: 'device_log_in.approved' | 'device_log_in.declined', userId: string): DeviceLogInEvent => ({
  type,
  data: { userId, at },
});
const approved = by('device_log_in.approved', 'ann');
const used: DeviceLogInEvent = { type: 'device_log_in.used', data: { at } };
const approve = (userId: string, when = at) => ({ type: 'Approve', userId, at: when }) as const;
const decline = (userId: string) => ({ type: 'Decline', userId, at }) as const;
const use = { type: 'Use', deviceHash, at } as const;
const logIn = specFor(deviceLogInDecider);

describe('a browser that waits to be logged in', () => {
  it('is decided once, by one person, within ten minutes', () => {
    logIn.given().when({ type: 'Open', deviceHash, at }).then(opened);
    logIn.given(opened).when(approve('ann')).then(approved);
    logIn.given(opened, approved).when(approve('ann')).thenNothing();
    logIn.given(opened, approved).when(approve('ben')).thenRefused('device-log-in.settled');
    logIn.given(opened, approved).when(decline('ann')).thenRefused('device-log-in.settled');
    logIn.given(opened).when(approve('ann', late)).thenRefused('device-log-in.unknown');
    logIn.given().when(approve('ann')).thenRefused('device-log-in.unknown');
  });
  it('has one session, and only with its own code', () => {
    logIn.given(opened, approved).when(use).then(used);
    logIn.given(opened, approved, used).when(use).thenNothing();
    logIn.given(opened).when(use).thenNothing();
    logIn.given(opened, by('device_log_in.declined', 'ann')).when(use).thenNothing();
    logIn
      .given(opened, approved)
      .when({ ...use, deviceHash: 'e'.repeat(64) })
      .thenRefused('session.challenge-over');
  });
  it('is over by itself', () => {
    logIn.given(opened).when({ type: 'Expire', at }).thenNothing();
    logIn
      .given(opened)
      .when({ type: 'Expire', at: late })
      .then({ type: 'device_log_in.expired', data: { at: late } });
    logIn.given(opened, approved).when({ type: 'Expire', at: late }).thenNothing();
  });
  it('is approved by one person at most, and used at most once, whatever comes', () => {
    const user = fc.constantFrom('ann', 'ben');
    const command: fc.Arbitrary<DeviceLogInCommand> = fc.oneof(
      fc.record({ type: fc.constantFrom('Approve' as const, 'Decline' as const), userId: user, at: fc.constant(at) }),
      fc.constant(use),
      fc.constant({ type: 'Expire' as const, at: late }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const events: DeviceLogInEvent[] = [opened];
        for (const one of commands) {
          try {
            events.push(
              ...deviceLogInDecider.decide(one, events.reduce(deviceLogInDecider.evolve, deviceLogInDecider.initial)),
            );
          } catch (error) {
            expect(error).toMatchObject({ kind: expect.stringMatching(/conflict|not-found|refused/) as string });
          }
        }
        const count = (...types: string[]) => events.filter(({ type }) => types.includes(type)).length;
        expect(count('device_log_in.approved', 'device_log_in.declined')).toBeLessThanOrEqual(1);
        expect(count('device_log_in.used')).toBeLessThanOrEqual(count('device_log_in.approved'));
      }),
    );
  });
});

describe('a user code', () => {
  it('is eight letters of which none is mistaken, the same for a repeat, another for the next turn', () => {
    const code = userCodeOf('command', 0, Buffer.alloc(32));
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(userCodeOf('command', 0, Buffer.alloc(32))).toBe(code);
    expect(userCodeOf('command', 1, Buffer.alloc(32))).not.toBe(code);
  });
  it('is read however it is typed', () => {
    for (const typed of ['WDJB-MJHT', 'wdjbmjht', ' wdjb mjht ']) expect(userCodeFrom(typed)).toBe('WDJB-MJHT');
    for (const typed of ['', 'WDJB-MJH', 'WDJB-MJHTT', 'ADJB-MJHT', 'WDJB_MJHT'])
      expect(userCodeFrom(typed)).toBeUndefined();
  });
});
