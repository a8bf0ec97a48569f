import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { AppEvent, BindingEvent, StandingEvent, UserEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { absentApp, App, evolveApp, isSecretOf, isUnproven, publicNameOf, standingOwnerOf } from './app.fold';
import { absentBinding, Binding, evolveBinding, isMuted } from './binding.fold';
import { evolveOpenid, unclaimedOpenid } from './openid.fold';
import { evolveStanding, isUnburdened, Standing, standingStatus, unopenedStanding } from './standing.fold';
import { evolveUser, languageOf, unknownUser, User } from './user.fold';

const at = '2026-11-22T09:00:00.000Z';
const later = '2026-11-23T09:00:00.000Z';
type Stored = { type: string; data: Record<string, unknown> };
const folder = join(__dirname, '../../contracts/src/samples');
const samples = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Stored);
const of = (category: string) => samples.filter(({ type }) => type.startsWith(`${category}.`));
const sample = <E extends { type: string }>(type: E['type']) =>
  samples.find((one) => one.type === type) as unknown as E;

const folds: [string, (state: never, event: never) => unknown, unknown][] = [
  ['binding', evolveBinding, absentBinding],
  ['user', evolveUser, unknownUser],
  ['openid', evolveOpenid, unclaimedOpenid],
  ['standing', evolveStanding, unopenedStanding],
  ['app', evolveApp, absentApp],
];

describe.each(folds)('the fold of %s', (category, evolve, initial) => {
  const step = evolve as (state: unknown, event: Stored) => unknown;
  const anyHistory = fc.array(fc.constantFrom(...of(category)), { maxLength: 12 });

  it('takes any history of its own, in any order, and leaves what it was given alone', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let state = initial;
        for (const event of history) {
          const before = structuredClone(state);
          const next = step(state, event);
          expect(state).toEqual(before);
          state = next;
        }
      }),
    );
  });

  it('is not changed by events it does not know, whatever has happened', () => {
    const unknown = fc.constantFrom<Stored>(
      { type: `${category}.invented-later`, data: { at } },
      { type: 'other.happened', data: {} },
      { type: '', data: {} },
    );
    fc.assert(
      fc.property(anyHistory, unknown, (history, event) => {
        const state = history.reduce(step, initial);
        expect(step(state, event)).toEqual(state);
      }),
    );
  });

  it('starts from a state that nothing has changed', () => {
    expect(initial).toEqual(folds.find(([name]) => name === category)![2]);
    expect(Object.values(initial as object)).not.toContain(undefined);
  });
});

describe('a binding', () => {
  const bound = sample<Extract<BindingEvent, { type: 'binding.bound' }>>('binding.bound');
  const after = (...events: BindingEvent[]) => events.reduce(evolveBinding, absentBinding);

  it('is active once bound', () => {
    const { at: boundAt, ...consent } = bound.data;
    expect(after(bound)).toEqual({
      is: 'active',
      ...consent,
      muted: null,
      dailyCap: null,
      confirmed: false,
      keyPresented: false,
      boundAt,
    });
  });

  it.each<[string, BindingEvent, Partial<Exclude<Binding, { is: 'absent' }>>]>([
    ['muted', { type: 'binding.muted', data: { until: later, at } }, { muted: { until: later } }],
    ['loosened', { type: 'binding.level-set', data: { level: 'weak', at } }, { level: 'weak' }],
    ['aimed', { type: 'binding.channels-set', data: { channels: null, at } }, { channels: null }],
    ['given a new key', { type: 'binding.key-rotated', data: { keyHash: 'k', at } }, { keyHash: 'k' }],
    ['unbound', { type: 'binding.unbound', data: { reason: 'requested', at } }, { is: 'unbound' }],
    ['blocked', { type: 'binding.blocked', data: { at } }, { is: 'blocked' }],
    [
      'of another’s app',
      { type: 'binding.app-transferred', data: { transferredAt: at, at: later } },
      { appTransferredAt: at },
    ],
    ['not blocked', { type: 'binding.unblocked', data: { at } }, { is: 'active' }],
    ['refused by the app', { type: 'binding.refused', data: { at } }, { is: 'unbound' }],
    ['confirmed', { type: 'binding.confirmed', data: { consentId: bound.data.consentId, at } }, { confirmed: true }],
    ['shown by its app', { type: 'binding.key-presented', data: { at } }, { keyPresented: true }],
    ['called otherwise', { type: 'binding.app-named', data: { appName: '别的', at } }, { appName: '别的' }],
  ])('is %s', (_, event, change) => {
    expect(after(bound, event)).toEqual({ ...after(bound), ...change });
    expect(after(event)).toEqual(absentBinding);
  });

  it('is confirmed for one consent only, and its key known to the app for one key only', () => {
    const confirmed: BindingEvent = { type: 'binding.confirmed', data: { consentId: bound.data.consentId, at } };
    const presented: BindingEvent = { type: 'binding.key-presented', data: { at } };
    const other = { ...confirmed, data: { ...confirmed.data, consentId: 'another' } };
    expect(after(bound, other)).toEqual(after(bound));
    const rotated: BindingEvent = { type: 'binding.key-rotated', data: { keyHash: 'k', at } };
    expect(after(bound, confirmed, presented, rotated)).toMatchObject({ confirmed: true, keyPresented: false });
    const unbound: BindingEvent = { type: 'binding.unbound', data: { reason: 'requested', at } };
    expect(after(bound, confirmed, presented, unbound, bound)).toMatchObject({ confirmed: false, keyPresented: false });
  });

  it('is loud again when unmuted, and bound anew without the old mute', () => {
    const muted: BindingEvent = { type: 'binding.muted', data: { until: null, at } };
    expect(after(bound, muted, { type: 'binding.unmuted', data: { at } })).toEqual(after(bound));
    const unbound: BindingEvent = { type: 'binding.unbound', data: { reason: 'requested', at } };
    expect(after(bound, muted, unbound, bound)).toEqual(after(bound));
  });

  it.each([
    [null, false],
    [{ until: null }, true],
    [{ until: later }, true],
    [{ until: at }, false],
  ])('with the mute %j is quiet: %s', (muted, quiet) => expect(isMuted(muted, at)).toBe(quiet));
});

describe('a person', () => {
  const added = sample<Extract<UserEvent, { type: 'user.endpoint-added' }>>('user.endpoint-added');
  const challenged = sample<Extract<UserEvent, { type: 'user.endpoint-challenged' }>>('user.endpoint-challenged');
  const { endpointId } = added.data;
  const after = (...events: UserEvent[]): User => events.reduce(evolveUser, unknownUser);
  const guess = (guessId: string): UserEvent => ({
    type: 'user.endpoint-guess-failed',
    data: { endpointId, guessId, at },
  });
  const verified: UserEvent = { type: 'user.endpoint-verified', data: { endpointId, at } };

  it('has a server that signs, until they prove it by a code', () => {
    const { endpointId } = added.data;
    const proven = (by?: 'answer' | 'log-in'): UserEvent => ({
      type: 'user.endpoint-verified',
      data: { endpointId, ...(by && { by }), at },
    });
    const signs = (...events: UserEvent[]) =>
      [added, ...events].reduce(evolveUser, unknownUser).endpoints[0]!.signs ?? false;
    expect([signs(proven()), signs(proven('answer')), signs(proven('answer'), proven('log-in'))]).toEqual([
      false,
      true,
      true,
    ]);
    expect(signs(proven('answer'), proven())).toBe(false);
  });

  it('counts wrong guesses until a new challenge', () => {
    expect(after(added, challenged, guess('1'), guess('2')).endpoints[0]!.challenge!.guesses).toEqual(['1', '2']);
    expect(after(added, challenged, guess('1'), challenged).endpoints[0]!.challenge!.guesses).toEqual([]);
    expect(after(added, guess('1')).endpoints[0]!.challenge).toBeNull();
    expect(after(guess('1'))).toEqual(unknownUser);
  });

  it('is nobody any more once erased, whatever else is said', () => {
    const erased: UserEvent = { type: 'user.erased', data: { at } };
    expect(after(added, verified, erased, added, verified)).toEqual({
      ...unknownUser,
      registered: true,
      rolesVersion: 1,
      erased: true,
    });
  });

  it('has no way through an endpoint that was switched off, until it is verified anew', () => {
    const disabled: UserEvent = { type: 'user.endpoint-disabled', data: { endpointId, reason: 'recipient-gone', at } };
    expect(after(added, verified, disabled).endpoints).toMatchObject([
      { verified: false, verifiedAt: at, disabled: { reason: 'recipient-gone', at }, challenge: null },
    ]);
    expect(after(added, verified, disabled, verified).endpoints).toMatchObject([{ verified: true, disabled: null }]);
  });

  it('has an endpoint once, verified until it is added anew', () => {
    expect(after(added, challenged, verified).endpoints).toMatchObject([
      { endpointId, verified: true, challenge: null },
    ]);
    expect(after(added, verified, added).endpoints).toMatchObject([{ endpointId, verified: false }]);
    expect(after(added, { type: 'user.endpoint-removed', data: { endpointId, at } }).endpoints).toEqual([]);
    expect(after(verified).endpoints).toEqual([]);
  });

  it('is written to in the language last set, Chinese before that', () => {
    const set = (locale: 'zh-CN' | 'en'): UserEvent => ({ type: 'user.locale-set', data: { locale, at } });
    expect([after(), after(set('en')), after(set('en'), set('zh-CN'))].map(languageOf)).toEqual([
      'zh-CN',
      'en',
      'zh-CN',
    ]);
  });

  it('keeps what the setting and an admin gave apart, and counts every change', () => {
    const by = (type: 'user.role-granted' | 'user.role-revoked', source: string): UserEvent => ({
      type,
      data: { role: 'admin', by: source, at },
    });
    const both = [by('user.role-granted', 'HARK_ADMINS'), by('user.role-granted', 'user:x')];
    expect(after(...both)).toMatchObject({ roles: ['admin'], rolesVersion: 2 });
    const bySetting = by('user.role-revoked', 'HARK_ADMINS');
    expect(after(...both, bySetting)).toMatchObject({ roles: ['admin'], rolesVersion: 3 });
    expect(after(...both, bySetting, by('user.role-revoked', 'user:y'))).toMatchObject({ roles: [], grants: [] });
  });

  it('has roles and blocks once each', () => {
    const granted: UserEvent = { type: 'user.role-granted', data: { role: 'operator', by: 'x', at } };
    const blocked: UserEvent = { type: 'user.blocked-app', data: { appId: 'a', at } };
    expect(after(granted, granted).roles).toEqual(['operator']);
    expect(after(blocked, blocked).blockedApps).toEqual(['a']);
    expect(after(blocked, { type: 'user.unblocked-app', data: { appId: 'a', at } }).blockedApps).toEqual([]);
  });
});

describe('a standing', () => {
  const penalized = sample<Extract<StandingEvent, { type: 'standing.penalized' }>>('standing.penalized');
  const after = (...events: StandingEvent[]): Standing => events.reduce(evolveStanding, unopenedStanding);
  const throttled: StandingEvent = { type: 'standing.throttled', data: { at } };
  const suspended: StandingEvent = { type: 'standing.suspended', data: { until: later, at } };
  const proposed: StandingEvent = { type: 'standing.ban-proposed', data: { penaltyId: 'p', operatorId: 'o', at } };
  const inAWeek = plusMs(at, 7 * 86_400_000);
  const proposedUntil = (until: string): StandingEvent => ({
    type: 'standing.ban-proposed',
    data: { penaltyId: 'p', operatorId: 'o', until, at },
  });
  const rejected: StandingEvent = { type: 'standing.ban-rejected', data: { by: 'o', at } };
  const reinstatedWith = (left: number): StandingEvent => ({
    type: 'standing.reinstated',
    data: { by: 'o', left, at },
  });
  const banned: StandingEvent = { type: 'standing.banned', data: { confirmedBy: 'o', at } };
  const reinstated: StandingEvent = { type: 'standing.reinstated', data: { by: 'o', at } };
  const lifted = (data: object): StandingEvent => ({
    type: 'standing.penalty-lifted',
    data: { penaltyId: penalized.data.penaltyId, by: 'o', left: 12, throttled: false, banned: false, ...data, at },
  });
  const restored = (left: number): StandingEvent => ({ type: 'standing.point-restored', data: { left, at } });

  it('loses points by penalties, and says when last', () => {
    expect(after(penalized)).toMatchObject({ points: penalized.data.left, changedAt: penalized.data.at });
    expect(after(penalized).penalties).toMatchObject([{ penaltyId: penalized.data.penaltyId, severity: 'major' }]);
  });

  it('forgets a lifted penalty, and is from then on what the lifting says', () => {
    expect(after(penalized, throttled, suspended, banned, lifted({}))).toEqual(unopenedStanding);
    const banProposed = {
      penaltyId: 'q',
      complaintId: 'c',
      appId: 'a',
      severity: 'severe',
      operatorId: 'o',
      until: later,
    };
    expect(
      after(penalized, banned, lifted({ left: 3, suspendedUntil: later, banProposed, changedAt: later })),
    ).toMatchObject({
      points: 3,
      penalties: [],
      suspendedUntil: later,
      banProposed: { penaltyId: 'q', operatorId: 'o', until: later },
      banned: false,
      changedAt: later,
    });
  });

  it.each<[StandingEvent[], object, object]>([
    [[], { is: 'good' }, { is: 'good' }],
    [[throttled], { is: 'throttled' }, { is: 'throttled' }],
    [[throttled, suspended], { is: 'suspended', until: later }, { is: 'throttled' }],
    [[suspended], { is: 'suspended', until: later }, { is: 'good' }],
    // Proposed before proposals had an end: seven days from then.
    [[suspended, proposed], { is: 'suspended', until: inAWeek }, { is: 'suspended', until: inAWeek }],
    [[throttled, proposedUntil(later)], { is: 'suspended', until: later }, { is: 'throttled' }],
    [[throttled, suspended, proposedUntil(at)], { is: 'suspended', until: later }, { is: 'throttled' }],
    [[throttled, proposed, rejected], { is: 'throttled' }, { is: 'throttled' }],
    [[throttled, suspended, proposed, rejected], { is: 'suspended', until: later }, { is: 'throttled' }],
    [[throttled, banned, reinstatedWith(7)], { is: 'good' }, { is: 'good' }],
    [[throttled, banned, reinstatedWith(6)], { is: 'throttled' }, { is: 'throttled' }],
    [[proposed, banned], { is: 'banned' }, { is: 'banned' }],
    [[throttled, suspended, proposed, banned, reinstated], { is: 'good' }, { is: 'good' }],
    [[throttled, restored(6)], { is: 'throttled' }, { is: 'throttled' }],
    [[throttled, restored(7)], { is: 'good' }, { is: 'good' }],
  ])('after %j', (events, today, tomorrow) => {
    expect(standingStatus(after(...events), at)).toEqual(today);
    expect(standingStatus(after(...events), later)).toEqual(tomorrow);
  });
});

describe('an app’s name for somebody', () => {
  const confirmed = { type: 'openid.confirmed', data: { bindingId: 'b', consentId: 'c', at } } as const;
  const claimed = { type: 'openid.claimed', data: { appId: 'a', at } } as const;
  it('is claimed by whoever says so and theirs whom the app confirmed last', () => {
    expect(evolveOpenid(unclaimedOpenid, claimed)).toEqual({
      claimed: true,
      confirmed: null,
      claimants: [],
      declined: null,
    });
    const held = evolveOpenid(evolveOpenid(unclaimedOpenid, claimed), confirmed);
    expect(held).toMatchObject({
      claimed: false,
      confirmed: { bindingId: 'b', consentId: 'c' },
      claimants: [],
      declined: null,
    });
    expect(evolveOpenid(held, claimed)).toEqual({ ...held, claimed: true });
  });
  it('knows the latest hundred bindings that claim it, each once', () => {
    const claims = [...Array(101).keys(), 50].map((n) => ({
      ...claimed,
      data: { ...claimed.data, bindingId: `b${n}` },
    }));
    const { claimants } = claims.reduce(evolveOpenid, unclaimedOpenid);
    expect(claimants).toHaveLength(100);
    expect([claimants[0], claimants.at(-1)]).toEqual(['b1', 'b50']);
  });
});

describe('a standing that an app may leave', () => {
  const penalty = sample<Extract<StandingEvent, { type: 'standing.penalized' }>>('standing.penalized').data;
  const standing = (change: Partial<Standing>): Standing => ({ ...unopenedStanding, ...change });
  const days = (count: number) => plusMs(at, count * 86_400_000);
  it('has no restriction in force and no penalty of the last 90 days', () => {
    expect(isUnburdened(unopenedStanding, at)).toBe(true);
    expect(isUnburdened(standing({ throttled: true }), at)).toBe(false);
    expect(isUnburdened(standing({ banned: true }), at)).toBe(false);
    expect(isUnburdened(standing({ suspendedUntil: later }), at)).toBe(false);
    const penalized = standing({ penalties: [{ ...penalty, at }] });
    expect([days(0), days(89), days(90)].map((now) => isUnburdened(penalized, now))).toEqual([false, false, true]);
  });
});

describe('an app', () => {
  const registered = sample<Extract<AppEvent, { type: 'app.registered' }>>('app.registered');
  it('is what was registered', () => {
    expect(evolveApp(absentApp, registered)).toEqual({ is: 'registered', ...registered.data });
  });
  it('is called before everybody what its owner says, and by its mini program’s id while it has none', () => {
    const { data } = registered;
    expect(publicNameOf(data)).toBe(data.name);
    expect(publicNameOf({ ...data, ownerId: null, wechatAppId: 'wx1' })).toBe('wx1');
    expect(isUnproven({ ownerId: 'o', wechatAppId: 'wx1' })).toBe(true);
    expect(isUnproven({ ownerId: null, wechatAppId: 'wx1' })).toBe(false);
    expect(isUnproven({ ownerId: 'o' })).toBe(false);
  });
  it('takes a former secret until its time, and none of them once they are revoked', () => {
    const rotate = (secretHash: string, oldUntil: string | null, at: string): AppEvent => ({
      type: 'app.secret-rotated',
      data: { secretHash, oldUntil, at },
    });
    const first = evolveApp(absentApp, { ...registered, data: { ...registered.data, secretHash: 's1' } });
    const app = [rotate('s2', later, at), rotate('s3', plusMs(later, 1), at)].reduce(evolveApp, first);
    const working = (of: App, now: string) =>
      ['s1', 's2', 's3', 's4'].filter((secret) => of.is !== 'absent' && isSecretOf(of, secret, now)).join(' ');
    expect(working(app, at)).toBe('s1 s2 s3');
    expect(working(app, later)).toBe('s2 s3');
    expect(working(app, plusMs(later, 1))).toBe('s3');
    expect(working(evolveApp(app, rotate('s4', null, at)), at)).toBe('s4');
    const many = Array.from({ length: 9 }, (_, n) => rotate(`n${n}`, later, at)).reduce(evolveApp, first);
    expect(many).toMatchObject({ secretHash: 'n8', oldSecrets: ['n7', 'n6', 'n5', 'n4'].map((hash) => ({ hash })) });
  });

  it('loses its proofs and its callbacks with its owner, and the proof of a domain with its homepage', () => {
    const own = { ...registered.data, homepage: 'https://a.example/', callbackUrl: 'https://a.example/cb' };
    const proven = evolveApp(evolveApp(absentApp, { ...registered, data: own }), {
      type: 'app.claimed',
      data: { ownerId: own.ownerId!, by: 'dns', domain: 'a.example', at },
    });
    expect(proven).toMatchObject({ verified: true, provenDomain: 'a.example' });
    const change = (data: object): App => evolveApp(proven, { type: 'app.changed', data: { ...data, at } });
    expect(change({ homepage: 'https://a.example/other' })).toHaveProperty('provenDomain');
    expect(change({ homepage: null, verified: false })).not.toHaveProperty('provenDomain');
    expect(change({ homepage: null })).not.toHaveProperty('homepage');
    const data = { ownerId: 'other', secretHash: 's2', oldUntil: null, at };
    const moved = evolveApp(proven, { type: 'app.transferred', data });
    expect(moved).toMatchObject({ verified: false, ownerId: 'other' });
    expect(Object.keys(moved)).not.toEqual(expect.arrayContaining(['provenDomain']));
    expect(moved).not.toHaveProperty('callbackUrl');
  });

  it('is answered for by its owner, or by itself while it has none', () => {
    const app = evolveApp(absentApp, registered);
    expect(standingOwnerOf('a', app)).toBe(registered.data.ownerId);
    expect(standingOwnerOf('a', { ...app, ownerId: null } as typeof app)).toBe('a');
    expect(standingOwnerOf('a', absentApp)).toBe('a');
  });
});
