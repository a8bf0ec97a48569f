import * as fc from 'fast-check';
import { AppEvent } from '@hark/contracts';
import { App } from '@hark/gate';
import { specFor } from '@hark/testing';
import { randomRun } from '../testing/random-run.fixture';
import { AppChange, AppCommand, appDecider } from './app.decider';

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
const other = '00000000-0000-4000-8000-000000000002';
const secretId = '00000000-0000-4000-8000-000000000003';
const deleted: AppEvent = { type: 'app.deleted', data: { at } };
const proven: AppEvent = { type: 'app.claimed', data: { ownerId, by: 'dns', domain: 'a.example', at } };
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

describe('changing an app', () => {
  const change = (asked: AppChange, by = ownerId): AppCommand => ({
    type: 'Change',
    ownerId: by,
    change: asked,
    callbackSecretId: secretId,
    at,
  });
  const changed = (data: object): AppEvent => ({ type: 'app.changed', data: { ...data, at } });

  it('records what differs, in one event', () => {
    const asked = { name: 'Repairs', description: 'd', homepage: null, redirectUris: [] };
    app
      .given(registered)
      .when(change(asked))
      .then(changed({ name: 'Repairs', description: 'd' }));
    app
      .given(registered, changed({ description: 'd' }))
      .when(change({ description: null }))
      .then(changed({ description: null }));
  });
  it('gives each callback address a secret of its own', () => {
    const set = changed({ callbackUrl: 'https://a.example/cb', callbackSecretId: secretId });
    app
      .given(registered)
      .when(change({ callbackUrl: 'https://a.example/cb' }))
      .then(set);
    app
      .given(registered, set)
      .when(change({ callbackUrl: 'https://a.example/cb' }))
      .thenNothing();
    app
      .given(registered, set)
      .when(change({ callbackUrl: null }))
      .then(changed({ callbackUrl: null }));
  });
  it('is for its owner alone', () => {
    app
      .given(registered)
      .when(change({ name: 'x' }, other))
      .thenRefused('app.unknown');
    app
      .given(discovered)
      .when(change({ name: 'x' }))
      .thenRefused('app.unknown');
    app
      .given(registered, deleted)
      .when(change({ name: 'x' }))
      .thenRefused('app.unknown');
  });
  it('ends what was proven of a domain that is no longer its homepage', () => {
    const home = changed({ homepage: 'https://a.example/x' });
    app
      .given(registered, home, proven)
      .when(change({ homepage: 'https://b.example/' }))
      .then(changed({ homepage: 'https://b.example/', verified: false }));
    app
      .given(registered, home, proven)
      .when(change({ homepage: 'https://a.example/y' }))
      .then(changed({ homepage: 'https://a.example/y' }));
  });
});

describe('a callback secret', () => {
  const next = '00000000-0000-4000-8000-000000000004';
  const callbackUrl = 'https://a.example/cb';
  const called: AppEvent = { type: 'app.changed', data: { callbackUrl, callbackSecretId: secretId, at } };
  const rotate = (revokeNow: boolean, by = ownerId): AppCommand => ({
    type: 'RotateCallbackSecret',
    ownerId: by,
    callbackSecretId: next,
    revokeNow,
    at,
  });
  const rotated = (oldUntil: string | null): AppEvent => ({
    type: 'app.callback-secret-rotated',
    data: { callbackSecretId: next, oldUntil, at },
  });
  it('is followed by another, and signs 24 hours longer or no longer', () => {
    app.given(registered, called).when(rotate(false)).then(rotated('2026-01-06T09:00:00.000Z'));
    app.given(registered, called).when(rotate(true)).then(rotated(null));
    app.given(registered, called, rotated(null)).when(rotate(false)).thenNothing();
    app.given(registered).when(rotate(false)).thenRefused('app.no-callback-url');
    app.given(registered, called).when(rotate(false, other)).thenRefused('app.unknown');
  });
  it('and its former ones end with the address they were for', () => {
    const state = [registered, called, rotated('2026-01-06T09:00:00.000Z')];
    const after = (...events: AppEvent[]) => [...state, ...events].reduce(appDecider.evolve, appDecider.initial);
    const former = [{ id: secretId, until: '2026-01-06T09:00:00.000Z' }];
    expect(after()).toMatchObject({ callbackSecretId: next, oldCallbackSecrets: former });
    const moved = { callbackUrl: 'https://b.example/cb', callbackSecretId: other };
    for (const data of [moved, { callbackUrl: null }]) {
      expect(after({ type: 'app.changed', data: { ...data, at } })).not.toHaveProperty('oldCallbackSecrets');
    }
  });
});

describe('a secret', () => {
  const rotate = (revokeNow: boolean, n = 2): AppCommand => ({
    type: 'RotateSecret',
    ownerId,
    secretHash: hash(n),
    revokeNow,
    at,
  });
  const rotated = (oldUntil: string | null): AppEvent => ({
    type: 'app.secret-rotated',
    data: { secretHash: hash(2), oldUntil, at },
  });
  it('is followed by another, and works 24 hours longer or no longer', () => {
    app.given(registered).when(rotate(false)).then(rotated('2026-01-06T09:00:00.000Z'));
    app.given(registered).when(rotate(true)).then(rotated(null));
    app.given(registered, rotated(null)).when(rotate(false)).thenNothing();
  });
  it('is its owner’s alone', () => app.given(discovered).when(rotate(true)).thenRefused('app.unknown'));
});

describe('proving a domain', () => {
  const prove = (domain: string): AppCommand => ({ type: 'ProveDomain', ownerId, proof: { by: 'dns', domain }, at });
  const home: AppEvent = { type: 'app.changed', data: { homepage: 'https://a.example/', at } };
  it('makes the app verified, for the domain of its homepage', () => {
    app.given(registered, home).when(prove('a.example')).then(proven);
    app.given(registered, home, proven).when(prove('a.example')).thenNothing();
  });
  it('is of no other domain', () => {
    app.given(registered, home).when(prove('b.example')).thenRefused('app.proof-missing');
    app.given(registered).when(prove('a.example')).thenRefused('app.proof-missing');
  });
});

describe('claiming a mini program', () => {
  const claim = (isUnburdened = true, personId = ownerId): AppCommand => ({
    type: 'ClaimMiniProgram',
    personId,
    secretHash: hash(2),
    isUnburdened,
    at,
  });
  const claimed: AppEvent = { type: 'app.claimed', data: { ownerId, by: 'wechat', secretHash: hash(2), at } };
  it('makes it its claimer’s', () => {
    app.given(discovered).when(claim()).then(claimed);
    app.given(discovered, claimed).when(claim()).thenNothing();
  });
  it('is not for a second person, nor to leave a bad standing behind', () => {
    app.given(discovered, claimed).when(claim(true, other)).thenRefused('app.wechat-app-id-taken');
    app.given(discovered).when(claim(false)).thenRefused('app.standing-burdened');
    app.given(registered).when(claim()).thenRefused('app.unknown');
  });
});

describe('handing an app over', () => {
  const offer = (isUnburdened = true): AppCommand => ({
    type: 'OfferTransfer',
    ownerId,
    toId: other,
    isUnburdened,
    at,
  });
  const accept = (personId = other, isUnburdened = true, revokeNow = false): AppCommand => ({
    type: 'AcceptTransfer',
    personId,
    secretHash: hash(2),
    revokeNow,
    isUnburdened,
    at,
  });
  const offered: AppEvent = { type: 'app.transfer-offered', data: { toId: other, at } };
  const withdrawn = (by: string): AppEvent => ({ type: 'app.transfer-withdrawn', data: { by, at } });
  const transferred: AppEvent = {
    type: 'app.transferred',
    data: { ownerId: other, secretHash: hash(2), oldUntil: '2026-01-06T09:00:00.000Z', at },
  };
  it('takes an offer and its acceptance', () => {
    app.given(registered).when(offer()).then(offered);
    app.given(registered, offered).when(accept()).then(transferred);
    app.given(registered, offered, transferred).when(accept()).thenNothing();
  });
  it('is over when either says no', () => {
    app.given(registered, offered).when({ type: 'WithdrawTransfer', ownerId, at }).then(withdrawn(ownerId));
    app.given(registered, offered).when({ type: 'DeclineTransfer', personId: other, at }).then(withdrawn(other));
    app.given(registered, offered, withdrawn(other)).when(accept()).thenRefused('app.unknown');
    app.given(registered, offered, deleted).when(accept()).thenRefused('app.unknown');
  });
  it('is not for whom it was not offered to, nor to launder a standing', () => {
    app.given(registered, offered).when(accept(ownerId)).thenRefused('app.unknown');
    app.given(registered).when(offer(false)).thenRefused('app.standing-burdened');
    app.given(registered, offered).when(accept(other, false)).thenRefused('app.standing-burdened');
  });
});

describe('deleting an app', () => {
  const remove = (by = ownerId): AppCommand => ({ type: 'Delete', ownerId: by, at });
  it('is for good, and its owner’s alone', () => {
    app.given(registered).when(remove()).then(deleted);
    app.given(registered, deleted).when(remove()).thenNothing();
    app.given(registered).when(remove(other)).thenRefused('app.unknown');
    app.given(registered, deleted).when(remove(other)).thenRefused('app.unknown');
    app.given(registered, deleted).when(register).thenNothing();
  });
});

describe('any sequence of commands', () => {
  const person = fc.constantFrom(ownerId, other);
  const n = fc.nat(3).map(hash);
  const command: fc.Arbitrary<AppCommand> = fc.oneof(
    n.map((secretHash): AppCommand => ({ ...register, secretHash })),
    fc.constant<AppCommand>(discover),
    fc.tuple(person, fc.constantFrom('Repairs', 'Tickets')).map(([by, name]): AppCommand => ({
      type: 'Change',
      ownerId: by,
      change: { name, homepage: 'https://a.example/' },
      callbackSecretId: secretId,
      at,
    })),
    fc.tuple(person, n, fc.boolean()).map(([by, secretHash, revokeNow]): AppCommand => ({
      type: 'RotateSecret',
      ownerId: by,
      secretHash,
      revokeNow,
      at,
    })),
    fc.tuple(person, n, fc.boolean()).map(([personId, secretHash, isUnburdened]): AppCommand => ({
      type: 'ClaimMiniProgram',
      personId,
      secretHash,
      isUnburdened,
      at,
    })),
    fc.tuple(person, fc.boolean()).map(([by, isUnburdened]): AppCommand => ({
      type: 'OfferTransfer',
      ownerId: by,
      toId: by === ownerId ? other : ownerId,
      isUnburdened,
      at,
    })),
    fc.tuple(person, n, fc.boolean()).map(([personId, secretHash, isUnburdened]): AppCommand => ({
      type: 'AcceptTransfer',
      personId,
      secretHash,
      revokeNow: true,
      isUnburdened,
      at,
    })),
    person.map((by): AppCommand => ({
      type: 'ProveDomain',
      ownerId: by,
      proof: { by: 'dns', domain: 'a.example' },
      at,
    })),
    person.map((by): AppCommand => ({ type: 'Delete', ownerId: by, at })),
  );

  it('registers once, ends for good, and changes hands only by its owner’s offer or WeChat’s word', () =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const { events, steps } = randomRun(appDecider, commands);
        expect(events.filter(({ type }) => type === 'app.registered').length).toBeLessThanOrEqual(1);
        const end = events.findIndex(({ type }) => type === 'app.deleted');
        expect([-1, events.length - 1]).toContain(end);
        for (const { command: asked, before, after, events: made } of steps) {
          const owner = (state: App) => (state.is === 'absent' ? undefined : state.ownerId);
          if (before.is === 'absent' || owner(before) === owner(after)) continue;
          expect(made.map(({ type }) => type).join()).toMatch(/^app\.(transferred|claimed)$/);
          const offered = before.offeredTo;
          expect(asked).toMatchObject({ isUnburdened: true });
          expect(owner(before) === null || offered === owner(after)).toBe(true);
        }
      }),
    ));
});
