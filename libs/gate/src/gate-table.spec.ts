import { Level, Priority } from '@hark/contracts';
import { absentBinding, Binding } from './binding.fold';
import { gate, GateInput } from './gate';
import { heardAs } from './loudness';
import { unopenedStanding } from './standing.fold';
import { Endpoint, unknownUser } from './user.fold';

const now = '2026-11-22T09:00:00.000Z';
const until = '2026-11-22T09:30:00.000Z';
const nextHour = '2026-11-22T10:00:00.000Z';
const later = '2026-11-23T09:00:00.000Z';
const phone: Endpoint = {
  endpointId: 'e-1',
  kind: 'bark',
  address: 'sealed',
  addressHash: 'h',
  verified: true,
  verifiedAt: now,
  disabled: null,
  addedAt: now,
  name: null,
  rank: null,
  trouble: null,
  challenge: null,
};

/** Everything that the gate looks at, each with all that it may be. */
const dimensions = {
  consent: ['in force', 'absent', 'unbound', 'blocked', 'another'],
  parties: ['fine', 'person erased', 'app blocked', 'app deleted'],
  level: ['strong', 'weak', 'none'],
  standing: ['good', 'throttled', 'suspended', 'banned'],
  isOver: [false, true],
  isRecalled: [false, true],
  verdict: ['passed', 'missing', 'held', 'blocked'],
  isMuted: [false, true],
  endpoint: ['verified', 'unverified'],
  isOverCap: [false, true],
  quiet: ['none', 'defer', 'inbox'],
  digest: ['none', 'waits', 'over'],
  priority: ['low', 'normal', 'high', 'critical'],
  isCriticalAllowed: [false, true],
} as const;
type Case = { [D in keyof typeof dimensions]: (typeof dimensions)[D][number] };

/** The answers in their order, as domain.md has them: the first that holds is the gate's. */
const order: readonly [string, (given: Case) => boolean][] = [
  ['refuse no-binding', ({ consent }) => consent === 'absent'],
  ['refuse person-erased', ({ parties }) => parties === 'person erased'],
  ['refuse unbound', ({ consent }) => consent === 'unbound'],
  ['refuse blocked-by-user', ({ consent, parties }) => consent === 'blocked' || parties === 'app blocked'],
  ['refuse unbound', ({ consent }) => consent === 'another'],
  ['refuse app-deleted', ({ parties }) => parties === 'app deleted'],
  ['refuse level-none', ({ level }) => level === 'none'],
  ['refuse app-banned', ({ standing }) => standing === 'banned'],
  [`refuse app-suspended ${later}`, ({ standing }) => standing === 'suspended'],
  ['refuse expired', ({ isOver }) => isOver],
  ['refuse recalled', ({ isRecalled }) => isRecalled],
  ['refuse moderation', ({ verdict }) => verdict === 'blocked'],
  ['hold verdict-held', ({ verdict }) => verdict === 'held'],
  ['hold verdict-missing', ({ verdict }) => verdict === 'missing'],
  ['file-only muted', ({ isMuted }) => isMuted],
  ['file-only weak', ({ level }) => level === 'weak'],
  ['file-only no-channel', ({ endpoint }) => endpoint === 'unverified'],
  ['file-only daily-cap', ({ isOverCap }) => isOverCap],
  ['file-only app-throttled', ({ standing }) => standing === 'throttled'],
  ['deliver e-1', ({ priority, isCriticalAllowed }) => priority === 'critical' && isCriticalAllowed],
  ['file-only quiet-hours', ({ quiet }) => quiet === 'inbox'],
  [`defer digest ${nextHour} e-1`, ({ digest }) => digest === 'waits'],
  [`defer quiet-hours ${until} e-1`, ({ quiet }) => quiet === 'defer'],
  ['deliver e-1', () => true],
];

function bindingOf({ consent, level, isMuted, isCriticalAllowed }: Case): Binding {
  if (consent === 'absent') return absentBinding;
  return {
    is: consent === 'unbound' || consent === 'blocked' ? consent : 'active',
    appId: 'a-1',
    personId: 'p-1',
    openid: 'sealed',
    consentId: consent === 'another' ? 'c-2' : 'c-1',
    level,
    muted: isMuted ? { until: null } : null,
    channels: null,
    dailyCap: 1,
    critical: isCriticalAllowed,
    keyHash: 'h',
    confirmed: true,
    keyPresented: false,
    boundAt: now,
  };
}

function inputOf(given: Case): GateInput {
  const { parties, standing, isOver, isRecalled, verdict, endpoint, isOverCap, quiet, digest, priority } = given;
  const facts = { ownerId: 'o', name: 'n', redirectUris: [], secretHash: null, verified: false, at: now };
  const days = [1, 2, 3, 4, 5, 6, 7];
  return {
    app: { is: parties === 'app deleted' ? 'deleted' : 'registered', ...facts },
    binding: bindingOf(given),
    consentId: 'c-1',
    standing: {
      ...unopenedStanding,
      throttled: standing === 'throttled',
      suspendedUntil: standing === 'suspended' ? later : null,
      banned: standing === 'banned',
    },
    verdict,
    user: {
      ...unknownUser,
      erased: parties === 'person erased',
      blockedApps: parties === 'app blocked' ? ['a-1'] : [],
      endpoints: [{ ...phone, verified: endpoint === 'verified' }],
      timeZone: 'UTC',
      digest: digest === 'none' ? null : { every: 'hour' },
      quietHours: quiet === 'none' ? [] : [{ days, from: '08:00', to: '09:30', mode: quiet }],
    },
    ...(digest === 'over' && { digest: now }),
    push: { expiresAt: isOver ? now : later, isRecalled },
    priority,
    isOverCap,
    now,
  };
}

const answer = (given: Case): string => {
  const decision = gate(inputOf(given));
  const { is } = decision;
  const ids = 'endpoints' in decision ? decision.endpoints.map(({ endpointId }) => endpointId) : [];
  const reason = 'reason' in decision ? [decision.reason] : [];
  const then = 'until' in decision && decision.until ? [decision.until] : [];
  return [is, ...reason, ...then, ...ids].join(' ');
};

function* everyCase(): Generator<Case> {
  const entries = Object.entries(dimensions) as [keyof Case, readonly unknown[]][];
  const count = entries.reduce((product, [, values]) => product * values.length, 1);
  for (let number = 0; number < count; number += 1) {
    let rest = number;
    const given: Partial<Record<keyof Case, unknown>> = {};
    for (const [name, values] of entries) {
      given[name] = values[rest % values.length];
      rest = Math.floor(rest / values.length);
    }
    yield given as Case;
  }
}

describe('the gate, of all that it may be given', () => {
  it('gives the first answer that holds', () => {
    const seen = new Map<string, number>();
    for (const given of everyCase()) {
      const [expected] = order.find(([, holds]) => holds(given))!;
      const said = answer(given);
      // `expect` for each of half a million cases would take a minute.
      if (said !== expected) throw new Error(`${said}, not ${expected}: ${JSON.stringify(given)}`);
      seen.set(said, (seen.get(said) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([...new Set(order.map(([name]) => name))].sort());
  });

  const table: [Priority, boolean, Priority][] = [
    ['low', false, 'low'],
    ['low', true, 'low'],
    ['normal', false, 'normal'],
    ['normal', true, 'normal'],
    ['high', false, 'high'],
    ['high', true, 'high'],
    ['critical', false, 'high'],
    ['critical', true, 'critical'],
  ];
  it.each(table)('is as loud as allowed: %s, critical allowed: %s, is heard as %s', (priority, isAllowed, heard) => {
    const level: Level = 'strong';
    const given = { consent: 'in force', level, isMuted: false, isCriticalAllowed: isAllowed } as Case;
    expect(heardAs(priority, bindingOf(given))).toBe(heard);
  });
});
