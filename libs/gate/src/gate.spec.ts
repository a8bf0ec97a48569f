import * as fc from 'fast-check';
import { absentApp, App } from './app.fold';
import { Binding } from './binding.fold';
import { gate, GateDecision, GateInput } from './gate';
import { Standing, unopenedStanding } from './standing.fold';
import { noTotp } from './totp.fold';
import { Endpoint, unknownUser, User } from './user.fold';

const now = '2026-11-22T09:00:00.000Z';
const earlier = '2026-11-22T08:59:59.999Z';
const later = '2026-11-22T09:00:00.001Z';
const bark: Endpoint = {
  endpointId: 'e-1',
  kind: 'bark',
  address: 'sealed',
  addressHash: 'h',
  verified: true,
  verifiedAt: earlier,
  disabled: null,
  addedAt: earlier,
  name: null,
  rank: null,
  trouble: null,
  challenge: null,
};
const mail: Endpoint = { ...bark, endpointId: 'e-2', kind: 'email' };
const unverified: Endpoint = { ...bark, endpointId: 'e-3', verified: false };
const user: User = { ...unknownUser, registered: true, endpoints: [bark, mail, unverified] };
const active: Exclude<Binding, { is: 'absent' }> = {
  is: 'active',
  appId: 'a-1',
  personId: 'p-1',
  openid: 'sealed',
  consentId: 'c-1',
  level: 'strong',
  muted: null,
  channels: null,
  dailyCap: null,
  keyHash: 'h',
  confirmed: true,
  keyPresented: false,
  boundAt: earlier,
};
const app: App = {
  is: 'registered',
  ownerId: 'o-1',
  name: 'Tickets',
  redirectUris: [],
  secretHash: null,
  verified: false,
  at: earlier,
};
const input: GateInput = {
  app,
  binding: active,
  consentId: 'c-1',
  standing: unopenedStanding,
  verdict: 'passed',
  user,
  now,
};
const binding = (change: Partial<typeof active>): Partial<GateInput> => ({ binding: { ...active, ...change } });
const standing = (change: Partial<Standing>): Partial<GateInput> => ({ standing: { ...unopenedStanding, ...change } });
const quiet = (mode: 'defer' | 'inbox', from = '08:00', to = '09:30'): Partial<GateInput> => ({
  user: { ...user, timeZone: 'UTC', quietHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from, to, mode }] },
});
const deferred = { is: 'defer', reason: 'quiet-hours', until: '2026-11-22T09:30:00.000Z', endpoints: [bark, mail] };
const refuse = (reason: string) => ({ is: 'refuse', reason });
const fileOnly = (reason: string) => ({ is: 'file-only', reason });
const proposed = { penaltyId: 'x', operatorId: 'o', until: later };

const table: [string, Partial<GateInput>, object][] = [
  [
    'refuses for an erased person while their bindings end',
    { user: { ...user, erased: true } },
    refuse('person-erased'),
  ],
  ['refuses a deleted app while its bindings end', { app: { ...app, is: 'deleted' } }, refuse('app-deleted')],
  ['asks the binding whose app it is', { app: absentApp }, { is: 'deliver', endpoints: [bark, mail] }],
  ['delivers to every verified endpoint', {}, { is: 'deliver', endpoints: [bark, mail] }],
  [
    'delivers to the chosen endpoints',
    binding({ channels: ['e-2', 'e-3', 'gone'] }),
    { is: 'deliver', endpoints: [mail] },
  ],
  [
    'delivers at accept, where there is no consent to compare',
    { consentId: undefined },
    { is: 'deliver', endpoints: [bark, mail] },
  ],

  ['refuses without a binding', { binding: { is: 'absent' } }, refuse('no-binding')],
  ['refuses an unbound one', binding({ is: 'unbound' }), refuse('unbound')],
  ['refuses a blocked one', binding({ is: 'blocked' }), refuse('blocked-by-user')],
  ['refuses an app the person blocks', { user: { ...user, blockedApps: ['a-0', 'a-1'] } }, refuse('blocked-by-user')],
  ['refuses what an earlier consent let in', { consentId: 'c-0' }, refuse('unbound')],
  ['refuses at the level none', binding({ level: 'none' }), refuse('level-none')],
  ['refuses a banned app', standing({ banned: true }), refuse('app-banned')],
  [
    'refuses a suspended app, and says until when',
    standing({ suspendedUntil: later }),
    { ...refuse('app-suspended'), until: later },
  ],
  [
    'refuses an app whose ban waits for its second operator',
    standing({ banProposed: proposed }),
    { ...refuse('app-suspended'), until: later },
  ],
  [
    'lets a proposed ban lapse by itself',
    standing({ banProposed: { ...proposed, until: now } }),
    { is: 'deliver', endpoints: [bark, mail] },
  ],
  ['refuses what is over', { push: { expiresAt: now, isRecalled: false } }, refuse('expired')],
  [
    'delivers what is not over yet',
    { push: { expiresAt: later, isRecalled: false } },
    { is: 'deliver', endpoints: [bark, mail] },
  ],
  ['refuses what its sender took back', { push: { isRecalled: true } }, refuse('recalled')],
  ['refuses a blocked text', { verdict: 'blocked' }, refuse('moderation')],

  ['holds a text that nobody judged', { verdict: 'missing' }, { is: 'hold', reason: 'verdict-missing' }],
  ['holds a text that a person has to judge', { verdict: 'held' }, { is: 'hold', reason: 'verdict-held' }],

  ['only files for the muted', binding({ muted: { until: null } }), fileOnly('muted')],
  ['only files until a mute ends', binding({ muted: { until: later } }), fileOnly('muted')],
  ['is loud again once it has', binding({ muted: { until: now } }), { is: 'deliver', endpoints: [bark, mail] }],
  ['only files at the level weak', binding({ level: 'weak' }), fileOnly('weak')],
  ['only files for a throttled app', standing({ throttled: true }), fileOnly('app-throttled')],
  ['only files where there is no endpoint', { user: unknownUser }, fileOnly('no-channel')],
  ['only files where none is verified', { user: { ...user, endpoints: [unverified] } }, fileOnly('no-channel')],
  ['only files where none is chosen', binding({ channels: [] }), fileOnly('no-channel')],
  ['only files over the cap', { isOverCap: true }, fileOnly('daily-cap')],
  ['waits for the end of quiet hours', quiet('defer'), deferred],
  ['only files in quiet hours', quiet('inbox'), fileOnly('quiet-hours')],
  ['only files where quiet never ends', quiet('defer', '00:00', '00:00'), fileOnly('quiet-hours')],
  [
    'knows no quiet hours at another time',
    quiet('defer', '10:00', '11:00'),
    { is: 'deliver', endpoints: [bark, mail] },
  ],
  [
    'lets critical pushes through quiet hours where they are allowed',
    { ...quiet('inbox'), ...binding({ critical: true }), priority: 'critical' },
    { is: 'deliver', endpoints: [bark, mail] },
  ],
  ['lets critical pushes wait elsewhere', { ...quiet('defer'), priority: 'critical' }, deferred],
  [
    'lets urgent pushes wait where critical ones are allowed',
    { ...quiet('defer'), ...binding({ critical: true }), priority: 'high' },
    deferred,
  ],
  [
    'counts critical pushes like all others',
    { ...binding({ critical: true }), priority: 'critical', isOverCap: true },
    fileOnly('daily-cap'),
  ],
  ['lets a suspension end by itself', standing({ suspendedUntil: now }), { is: 'deliver', endpoints: [bark, mail] }],

  // Order of reasons: consent, standing, time and recall, verdict, loudness.
  [
    'says the ban before the time',
    { ...standing({ banned: true }), push: { expiresAt: now, isRecalled: true } },
    refuse('app-banned'),
  ],
  ['says the time before the recall', { push: { expiresAt: now, isRecalled: true } }, refuse('expired')],
  ['says the recall before the verdict', { push: { isRecalled: true }, verdict: 'blocked' }, refuse('recalled')],
  ['does not hold what was taken back', { push: { isRecalled: true }, verdict: 'held' }, refuse('recalled')],
  [
    'says the consent before the standing',
    { ...binding({ is: 'unbound' }), ...standing({ banned: true }) },
    refuse('unbound'),
  ],
  [
    'says the level before the standing',
    { ...binding({ level: 'none' }), ...standing({ banned: true }) },
    refuse('level-none'),
  ],
  ['says the ban before the suspension', standing({ banned: true, suspendedUntil: later }), refuse('app-banned')],
  ['says the standing before the verdict', { ...standing({ banned: true }), verdict: 'blocked' }, refuse('app-banned')],
  [
    'says the verdict before the mute',
    { ...binding({ muted: { until: null } }), verdict: 'blocked' },
    refuse('moderation'),
  ],
  [
    'holds before it files',
    { ...binding({ muted: { until: null } }), verdict: 'held' },
    { is: 'hold', reason: 'verdict-held' },
  ],
  ['says the missing channel before the cap', { user: unknownUser, isOverCap: true }, fileOnly('no-channel')],
  ['says the cap before the throttle', { ...standing({ throttled: true }), isOverCap: true }, fileOnly('daily-cap')],
  [
    'says the throttle before quiet hours',
    { ...standing({ throttled: true }), ...quiet('defer') },
    fileOnly('app-throttled'),
  ],
  ['says the mute before the level', binding({ muted: { until: null }, level: 'weak' }), fileOnly('muted')],
];

describe('the gate', () => {
  it.each(table)('%s', (_, change, decision) => expect(gate({ ...input, ...change })).toEqual(decision));
});

const time = fc.constantFrom(earlier, now, later);
const id = (name: string) => fc.constantFrom(`${name}-1`, `${name}-2`, `${name}-3`);
const anyEndpoint: fc.Arbitrary<Endpoint> = fc.record({
  endpointId: id('e'),
  kind: fc.constantFrom('bark', 'email'),
  address: fc.constant('sealed'),
  addressHash: fc.constant('h'),
  verified: fc.boolean(),
  verifiedAt: fc.constant(null),
  disabled: fc.constant(null),
  addedAt: time,
  name: fc.constant(null),
  rank: fc.option(fc.integer({ min: 1, max: 3 })),
  trouble: fc.constant(null),
  challenge: fc.constant(null),
});
const anyBinding: fc.Arbitrary<Binding> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Binding>({ is: 'absent' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constantFrom('active' as const, 'active' as const, 'unbound' as const, 'blocked' as const),
      appId: id('a'),
      personId: id('p'),
      openid: fc.constant('sealed'),
      consentId: id('c'),
      level: fc.constantFrom('strong' as const, 'strong' as const, 'weak' as const, 'none' as const),
      muted: fc.option(fc.record({ until: fc.option(time) })),
      channels: fc.option(fc.array(id('e'), { maxLength: 3 })),
      dailyCap: fc.constant(null),
      keyHash: fc.constant('h'),
      confirmed: fc.boolean(),
      keyPresented: fc.boolean(),
      boundAt: time,
    }),
  },
);
const anyInput: fc.Arbitrary<GateInput> = fc.record(
  {
    app: fc.constantFrom<App>(app, app, app, { ...app, is: 'deleted' }, absentApp),
    binding: anyBinding,
    consentId: id('c'),
    standing: fc.record({
      opened: fc.boolean(),
      points: fc.integer({ min: 0, max: 12 }),
      penalties: fc.constant([]),
      throttled: fc.boolean(),
      suspendedUntil: fc.option(time, { freq: 2 }),
      banProposed: fc.option(fc.constantFrom(proposed, { ...proposed, until: now }), { freq: 1 }),
      banned: fc.boolean(),
      changedAt: fc.constant(null),
    }),
    verdict: fc.constantFrom(
      'missing' as const,
      'held' as const,
      'blocked' as const,
      'passed' as const,
      'passed' as const,
    ),
    user: fc.record({
      registered: fc.boolean(),
      provider: fc.constant(null),
      subject: fc.constant(null),
      identities: fc.constant([]),
      roles: fc.constant([]),
      grants: fc.constant([]),
      rolesVersion: fc.constant(0),
      proven: fc.constant([]),
      locale: fc.constant(null),
      localeChosen: fc.constant(false),
      displayName: fc.constant(null),
      displayNameHash: fc.constant(null),
      timeZone: fc.constant(null),
      quietHours: fc.constant([]),
      digest: fc.constantFrom({ every: 'hour' as const }, null),
      retentionDays: fc.constant(null),
      endpoints: fc.array(anyEndpoint, { maxLength: 4 }),
      totp: fc.constant(noTotp),
      erased: fc.constantFrom(false, false, false, false, false, false, false, true),
      blockedApps: fc.array(id('a'), { maxLength: 1 }),
    }),
    now: fc.constant(now),
  },
  { requiredKeys: ['app', 'binding', 'standing', 'verdict', 'user', 'now'] },
);
const always = (holds: (given: GateInput, decision: GateDecision) => boolean) =>
  fc.assert(
    fc.property(anyInput, (given) => holds(given, gate(given))),
    { numRuns: 3_000 },
  );
const implies = (condition: boolean, consequence: boolean) => !condition || consequence;

describe('whatever is given, the gate', () => {
  it('refuses without a consent in force, and the very one that the push was accepted under', () =>
    always(({ binding: it, consentId, user: { blockedApps } }, { is }) => {
      if (it.is === 'absent' || it.is === 'unbound' || it.is === 'blocked') return is === 'refuse';
      const other = consentId !== undefined && consentId !== it.consentId;
      return implies(other || it.level === 'none' || blockedApps.includes(it.appId), is === 'refuse');
    }));

  it('refuses a banned, suspended or nearly banned app', () =>
    always(({ standing: it }, { is }) => {
      const suspended =
        (it.banProposed !== null && it.banProposed.until > now) ||
        (it.suspendedUntil !== null && it.suspendedUntil > now);
      return implies(it.banned || suspended, is === 'refuse');
    }));

  it('shows nobody a text without a passed verdict', () =>
    always(({ verdict }, { is }) => implies(verdict !== 'passed', is === 'refuse' || is === 'hold')));

  it('disturbs nobody who is muted, wants it weak, or hears from a throttled app', () =>
    always(({ binding: it, standing: { throttled } }, { is }) => {
      if (it.is === 'absent') return is === 'refuse';
      const muted = it.muted !== null && (it.muted.until === null || it.muted.until > now);
      return implies(muted || it.level !== 'strong' || throttled, is !== 'deliver');
    }));

  it('delivers to verified and chosen endpoints only, to one at least, and to all of them', () =>
    always(({ binding: it, user: { endpoints } }, decision) => {
      if (decision.is !== 'deliver' || it.is === 'absent') return decision.is !== 'deliver';
      const meant = endpoints.filter(
        ({ verified, endpointId }) => verified && (it.channels ?? [endpointId]).includes(endpointId),
      );
      expect(decision.endpoints).toEqual(meant.sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0)));
      return meant.length > 0;
    }));

  it('says the same again, and changes nothing', () =>
    always((given, decision) => {
      const before = structuredClone(given);
      expect(gate(given)).toEqual(decision);
      expect(given).toEqual(before);
      return true;
    }));

  it('knows all five answers, so that the rules above mean something', () => {
    const seen = fc.sample(anyInput, { numRuns: 10_000, seed: 1 }).map((given) => gate(given).is);
    expect(new Set(seen)).toEqual(new Set(['refuse', 'hold', 'file-only', 'defer', 'deliver']));
  });
});
