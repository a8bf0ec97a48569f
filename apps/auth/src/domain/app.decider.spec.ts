import * as fc from 'fast-check';
import { AppEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { AppCommand, appDecider } from './app.decider';

const at = '2026-01-05T09:00:00.000Z';
const ownerId = '00000000-0000-4000-8000-000000000001';
const wechatAppId = 'wx0123456789abcdef';
const hash = (n: number) => String(n).padStart(64, '0');
const register: AppCommand & { type: 'Register' } = {
  type: 'Register',
  ownerId,
  name: 'Hacker密码',
  redirectUris: [],
  secretHash: hash(1),
  wechatAppIdWished: wechatAppId,
  at,
};
const registered: AppEvent = {
  type: 'app.registered',
  data: {
    ownerId,
    name: 'Hacker密码',
    redirectUris: [],
    secretHash: hash(1),
    wechatAppIdWished: wechatAppId,
    verified: false,
    at,
  },
};
const discover = { type: 'Discover', wechatAppId, at } as const;
const discovered: AppEvent = {
  type: 'app.registered',
  data: { ownerId: null, name: wechatAppId, wechatAppId, redirectUris: [], secretHash: null, verified: false, at },
};
const app = specFor(appDecider);

describe('registering an app', () => {
  it('gives it an owner, unverified, with the mini program it names as a wish', () =>
    app.given().when(register).then(registered));
  it('changes nothing by a repeat', () => app.given(registered).when(register).thenNothing());
});

describe('meeting an unknown mini program', () => {
  it('makes it an app without owner, called by its id', () => app.given().when(discover).then(discovered));
  it('changes nothing when it is known', () => {
    app.given(discovered).when(discover).thenNothing();
    app.given(registered).when(discover).thenNothing();
  });
});

describe('any sequence of commands', () => {
  const command: fc.Arbitrary<AppCommand> = fc.oneof(
    fc.nat(3).map((n): AppCommand => ({ ...register, secretHash: hash(n) })),
    fc.constant<AppCommand>(discover),
  );

  it('registers once', () =>
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const { events } = randomRun(appDecider, commands);
        expect(events.length).toBe(Math.min(commands.length, 1));
        expect(events.every((event) => !event.data.verified)).toBe(true);
      }),
    ));
});
