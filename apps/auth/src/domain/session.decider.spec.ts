import * as fc from 'fast-check';
import { eventSchemas, SessionEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import {
  graceMs,
  idleMs,
  isRepeatable,
  logInRepeatMs,
  SessionCommand,
  sessionDecider,
  sessionLifeMs,
} from './session.decider';

const at = '2026-01-05T09:00:00.000Z';
const userId = '00000000-0000-4000-8000-000000000001';
const hash = (n: number) => String(n).padStart(64, '0');
const start = { type: 'Start', userId, provider: 'wechat', refreshHash: hash(1), at } as const;
const started: SessionEvent = {
  type: 'session.started',
  data: { userId, provider: 'wechat', refreshHash: hash(1), expiresAt: plusMs(at, sessionLifeMs), at },
};
const refresh = (presented: number, time: string) =>
  ({ type: 'Refresh', presentedHash: hash(presented), successorHash: hash(presented + 1), at: time }) as const;
const refreshed = (successor: number, time: string): SessionEvent => ({
  type: 'session.refreshed',
  data: { refreshHash: hash(successor), at: time },
});
const reused = (time: string): SessionEvent => ({ type: 'session.ended', data: { reason: 'reused', at: time } });
const minute = (n: number) => plusMs(at, n * 60_000);
const session = specFor(sessionDecider);

describe('starting a session', () => {
  it('gives it 30 days', () => session.given().when(start).then(started));
  it('changes nothing by a repeat, also after a refresh', () => {
    session.given(started).when(start).thenNothing();
    session
      .given(started, refreshed(2, minute(1)))
      .when(start)
      .thenNothing();
  });
  it('is refused under an id that is in use', () =>
    session
      .given(started)
      .when({ ...start, refreshHash: hash(9) })
      .thenRefused('session.invalid'));
});

describe('refreshing a session', () => {
  it('spends the token for its successor', () =>
    session
      .given(started)
      .when(refresh(1, minute(15)))
      .then(refreshed(2, minute(15))));

  it('changes nothing within the grace, so that parallel calls get one successor', () =>
    session
      .given(started, refreshed(2, minute(15)))
      .when(refresh(1, plusMs(minute(15), graceMs)))
      .thenNothing());

  it('ends the family when a spent token comes back later', () => {
    const late = plusMs(minute(15), graceMs + 1);
    session
      .given(started, refreshed(2, minute(15)))
      .when(refresh(1, late))
      .then(reused(late));
  });

  it('is over for every token once the family ended', () =>
    session
      .given(started, refreshed(2, minute(15)), reused(minute(20)))
      .when(refresh(2, minute(21)))
      .thenNothing());

  it('is refused after two days idle', () => {
    session
      .given(started)
      .when(refresh(1, plusMs(at, idleMs)))
      .thenRefused('session.expired');
    const last = plusMs(at, idleMs - 1);
    session.given(started).when(refresh(1, last)).then(refreshed(2, last));
  });

  it('is refused after 30 days in all', () => {
    const steps = Array.from({ length: 20 }, (_, n) => refreshed(n + 2, plusMs(at, (n + 1) * 1.5 * 86_400_000)));
    session
      .given(started, ...steps)
      .when(refresh(21, plusMs(at, sessionLifeMs)))
      .thenRefused('session.expired');
  });

  it('is refused for a token that was never one of the family, which stays', () => {
    session
      .given(started)
      .when(refresh(7, minute(1)))
      .thenRefused('session.invalid');
    session.given().when(refresh(1, at)).thenRefused('session.invalid');
  });
});

describe('any sequence of commands', () => {
  const commands = fc
    .array(fc.tuple(fc.nat(6), fc.oneof(fc.nat(15_000), fc.nat(36 * 3_600_000))), { maxLength: 60 })
    .map((wishes) => {
      let now = at;
      const asked = wishes.map(([token, passedMs]): SessionCommand => refresh(token, (now = plusMs(now, passedMs))));
      return [start, ...asked];
    });

  it('has one live token at most, never revives, and outlives neither bound', () =>
    fc.assert(
      fc.property(commands, (sequence) => {
        const run = randomRun(sessionDecider, sequence);
        for (const event of run.events) expect(eventSchemas[event.type]!.safeParse(event.data).success).toBe(true);
        for (const { command, before, events, after } of run.steps) {
          if (before.is === 'ended') expect(events).toEqual([]);
          if (command.type !== 'Refresh' || before.is !== 'live' || events[0]?.type !== 'session.refreshed') continue;
          expect(command.presentedHash).toBe(before.refreshHash);
          expect(command.at < plusMs(before.usedAt, idleMs)).toBe(true);
          expect(command.at < before.expiresAt).toBe(true);
          expect(after).toMatchObject({ is: 'live', refreshHash: command.successorHash });
        }
        expect(run.events.filter(({ type }) => type === 'session.ended').length).toBeLessThanOrEqual(1);
      }),
    ));
});

describe('the answer to a log-in', () => {
  const by: SessionEvent = { ...started, data: { ...started.data, clientHash: hash(7) } };
  const after = (...events: SessionEvent[]) => events.reduce(sessionDecider.evolve, sessionDecider.initial);
  const ended: SessionEvent = { type: 'session.ended', data: { reason: 'signed-out', at } };
  it.each([
    ['the client that logged in', after(by), hash(7), at, true],
    ['that client, at the end of the code’s life', after(by), hash(7), plusMs(at, logInRepeatMs - 1), true],
    ['that client, later', after(by), hash(7), plusMs(at, logInRepeatMs), false],
    ['another client', after(by), hash(8), at, false],
    ['a client of which nothing is known', after(by), undefined, at, false],
    ['anybody, where the log-in does not say who made it', after(started), hash(7), at, false],
    ['that client, once the tokens are used', after(by, refreshed(2, at)), hash(7), at, false],
    ['that client, once it signed out', after(by, ended), hash(7), at, false],
    ['anybody, where there is no session', after(), hash(7), at, false],
  ])('may be had again by %s', (_, session, client, now, may) => expect(isRepeatable(session, client, now)).toBe(may));
});
