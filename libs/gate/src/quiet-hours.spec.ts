import * as fc from 'fast-check';
import { QuietHours } from '@hark/contracts';
import { dayAt, quietAt } from './quiet-hours';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
type Window = QuietHours[number];
const window = (from: string, to: string, more: Partial<Window> = {}): Window => ({
  days: everyDay,
  from,
  to,
  mode: 'defer',
  ...more,
});
const iso = (text: string) => new Date(text).toISOString();
const night = [window('22:00', '07:00')];
const inbox = { mode: 'inbox' as const };

/** Zone, windows, now, and until when it is quiet; `-`: it is not, `never`: it does not end. */
const table: [string, string, QuietHours, string, string][] = [
  ['before the window', 'Asia/Shanghai', night, '2026-11-28T21:59:59.999+08:00', '-'],
  ['as it begins', 'Asia/Shanghai', night, '2026-11-28T22:00+08:00', '2026-11-29T07:00+08:00'],
  ['after midnight', 'Asia/Shanghai', night, '2026-11-29T03:00+08:00', '2026-11-29T07:00+08:00'],
  ['as it ends', 'Asia/Shanghai', night, '2026-11-29T07:00+08:00', '-'],
  [
    'after midnight of a day that is not named itself',
    'Asia/Shanghai',
    [window('22:00', '07:00', { days: [6] })], // 2026-11-28 is a Saturday
    '2026-11-29T03:00+08:00',
    '2026-11-29T07:00+08:00',
  ],
  [
    'the night before the day that is named',
    'Asia/Shanghai',
    [window('22:00', '07:00', { days: [6] })],
    '2026-11-28T03:00+08:00',
    '-',
  ],
  ['over the year’s end', 'Asia/Shanghai', night, '2026-12-31T23:30+08:00', '2027-01-01T07:00+08:00'],
  ['into 29 February', 'Europe/Berlin', night, '2028-02-28T23:00+01:00', '2028-02-29T07:00+01:00'],
  ['out of 29 February', 'Europe/Berlin', night, '2028-02-29T23:00+01:00', '2028-03-01T07:00+01:00'],
  [
    'two that touch',
    'UTC',
    [window('12:00', '14:00'), window('14:00', '15:30')],
    '2026-11-28T13:00Z',
    '2026-11-28T15:30Z',
  ],
  [
    'two that touch at midnight',
    'UTC',
    [window('20:00', '00:00'), window('00:00', '06:00')],
    '2026-11-28T21:00Z',
    '2026-11-29T06:00Z',
  ],
  [
    'two that overlap',
    'UTC',
    [window('12:00', '14:00'), window('13:00', '13:30')],
    '2026-11-28T13:10Z',
    '2026-11-28T14:00Z',
  ],
  ['a whole day', 'UTC', [window('08:00', '08:00', { days: [6] })], '2026-11-29T07:59Z', '2026-11-29T08:00Z'],
  ['a whole day, the day after', 'UTC', [window('08:00', '08:00', { days: [6] })], '2026-11-29T08:00Z', '-'],
  ['a whole weekend', 'UTC', [window('00:00', '00:00', { days: [6, 7] })], '2026-11-28T10:00Z', '2026-11-30T00:00Z'],
  ['always', 'UTC', [window('08:00', '08:00')], '2026-11-28T10:00Z', 'never'],
  ['half an hour from the next zone', 'Asia/Kolkata', night, '2026-11-28T16:29Z', '-'],
  ['half an hour from the next zone, quiet', 'Asia/Kolkata', night, '2026-11-28T16:30Z', '2026-11-29T01:30Z'],
  ['three quarters of an hour', 'Asia/Kathmandu', night, '2026-11-28T16:15Z', '2026-11-29T01:15Z'],
  ['half an hour of DST', 'Australia/Lord_Howe', night, '2026-10-03T12:00Z', '2026-10-03T20:00Z'], // +10:30, then +11

  // The hour that does not exist: New York, 2026-03-08, 02:00 is 03:00.
  ['a night with 23 hours', 'America/New_York', night, '2026-03-07T23:00-05:00', '2026-03-08T07:00-04:00'],
  [
    'an end that does not exist',
    'America/New_York',
    [window('22:00', '02:30')],
    '2026-03-07T23:00-05:00',
    '2026-03-08T03:30-04:00',
  ],
  [
    'a beginning that does not exist',
    'America/New_York',
    [window('02:30', '05:00')],
    '2026-03-08T03:30-04:00',
    '2026-03-08T05:00-04:00',
  ],
  [
    'neither beginning nor end exists: it is not skipped',
    'America/New_York',
    [window('02:10', '02:40')],
    '2026-03-08T03:15-04:00',
    '2026-03-08T03:40-04:00',
  ],
  // The hour that comes twice: New York, 2026-11-01, 02:00 EDT is 01:00 EST.
  ['a night with 25 hours', 'America/New_York', night, '2026-10-31T23:00-04:00', '2026-11-01T07:00-05:00'],
  [
    'an end that comes twice: the last',
    'America/New_York',
    [window('22:00', '01:30')],
    '2026-11-01T01:45-04:00',
    '2026-11-01T01:30-05:00',
  ],
  [
    'a beginning that comes twice: the first',
    'America/New_York',
    [window('01:30', '05:00')],
    '2026-11-01T01:30-04:00',
    '2026-11-01T05:00-05:00',
  ],
  [
    'both come twice: one window, not two',
    'America/New_York',
    [window('01:10', '01:20')],
    '2026-11-01T01:50-04:00',
    '2026-11-01T01:20-05:00',
  ],
  // A day without midnight: Beirut, 2026-03-29, 00:00 is 01:00.
  ['into a day without midnight', 'Asia/Beirut', [window('22:00', '00:00')], '2026-03-28T20:30Z', '2026-03-28T22:00Z'],
  [
    'from a midnight that does not exist',
    'Asia/Beirut',
    [window('00:00', '06:00')],
    '2026-03-28T22:00Z',
    '2026-03-29T03:00Z',
  ],
  // A day that was left out: Apia, 2011-12-30.
  ['a day that was left out', 'Pacific/Apia', [window('22:00', '07:00')], '2011-12-30T10:30Z', '2011-12-30T17:00Z'],

  [
    'the quieter of two',
    'UTC',
    [window('12:00', '14:00'), window('13:00', '13:30', inbox)],
    '2026-11-28T13:10Z',
    '2026-11-28T14:00Z inbox',
  ],
];

describe('quiet hours', () => {
  it.each(table)('%s', (_, zone, quietHours, now, expected) => {
    const quiet = quietAt(quietHours, zone, iso(now));
    if (expected === '-') return expect(quiet).toBeUndefined();
    const [until, mode = 'defer'] = expected.split(' ');
    return expect(quiet).toEqual({ mode, until: until === 'never' ? null : iso(until!) });
  });

  it('are by the hub’s own zone for who chose none, or one that is not known here', () => {
    for (const zone of [null, 'Atlantis/Capital'])
      expect(quietAt(night, zone, iso('2026-11-28T14:00Z'))?.until).toBe('2026-11-28T23:00:00.000Z');
    expect(dayAt(null, iso('2026-11-28T16:00Z'))).toBe('2026-11-29');
    expect(dayAt('America/New_York', iso('2026-11-28T16:00Z'))).toBe('2026-11-28');
  });

  const time = fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
  const windows = fc.array(
    fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      from: time,
      to: time,
      mode: fc.constantFrom('defer' as const, 'inbox' as const),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const zone = fc.constantFrom(
    'Asia/Shanghai',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Asia/Beirut',
  );
  const moment = fc
    .integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2028-12-31T00:00Z') })
    .map((ms) => new Date(ms).toISOString());

  it('end in the future, are over then, and are quiet until then', () =>
    fc.assert(
      fc.property(windows, zone, moment, fc.double({ min: 0, max: 1, noNaN: true }), (given, where, now, part) => {
        const quiet = quietAt(given, where, now);
        if (!quiet?.until) return;
        expect(quiet.until > now).toBe(true);
        expect(quietAt(given, where, quiet.until)).toBeUndefined();
        const between = new Date(
          Date.parse(now) + part * (Date.parse(quiet.until) - Date.parse(now) - 1),
        ).toISOString();
        expect(quietAt(given, where, between)?.until).toBe(quiet.until);
      }),
      { numRuns: 150 },
    ));
});
