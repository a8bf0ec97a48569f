import { AppDigest, QuietHours } from '@hark/contracts';
import { digestAt } from './digest';

const days = [1, 2, 3, 4, 5, 6, 7];
const night: QuietHours = [{ days, from: '23:00', to: '07:00', mode: 'defer' }];
const hour: AppDigest = { every: 'hour' };
const day = (at?: string): AppDigest => ({ every: 'day', ...(at !== undefined && { at }) });

type Case = [string, AppDigest | null, string | null, QuietHours, now: string, rings: string | null];

it.each<Case>([
  ['nobody asked for one', null, 'UTC', [], '2026-11-28T09:10:00.000Z', null],
  ['this app is to ring by itself', { every: 'never' }, 'UTC', [], '2026-11-28T09:10:00.000Z', null],
  ['the end of the hour', hour, 'UTC', [], '2026-11-28T09:10:00.000Z', '2026-11-28T10:00:00.000Z'],
  ['the next one on the stroke', hour, 'UTC', [], '2026-11-28T09:00:00.000Z', '2026-11-28T10:00:00.000Z'],
  [
    'the full hour of a zone of half hours',
    hour,
    'Asia/Kolkata',
    [],
    '2026-11-28T09:10:00.000Z',
    '2026-11-28T09:30:00.000Z',
  ],
  [
    'the hour that comes twice is two',
    hour,
    'Europe/Berlin',
    [],
    '2026-10-25T00:10:00.000Z',
    '2026-10-25T01:00:00.000Z',
  ],
  [
    'clocks go back by half an hour',
    hour,
    'Australia/Lord_Howe',
    [],
    '2026-04-04T15:10:00.000Z',
    '2026-04-04T15:30:00.000Z',
  ],
  ['today, in China, for whom has no zone', day(), null, [], '2026-11-28T00:10:00.000Z', '2026-11-28T01:00:00.000Z'],
  ['tomorrow, on the stroke', day('18:30'), 'UTC', [], '2026-11-28T18:30:00.000Z', '2026-11-29T18:30:00.000Z'],
  [
    'a time that the zone leaves out',
    day('02:30'),
    'Europe/Berlin',
    [],
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'a time that comes twice rings at the first',
    day('02:30'),
    'Europe/Berlin',
    [],
    '2026-10-24T23:00:00.000Z',
    '2026-10-25T00:30:00.000Z',
  ],
  [
    'and the day after when that is over',
    day('02:30'),
    'Europe/Berlin',
    [],
    '2026-10-25T00:40:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ],
  [
    'a day that the zone leaves out',
    day('12:00'),
    'Pacific/Apia',
    [],
    '2011-12-29T23:00:00.000Z',
    '2011-12-30T22:00:00.000Z',
  ],
  ['29 February', day('09:00'), 'UTC', [], '2028-02-28T10:00:00.000Z', '2028-02-29T09:00:00.000Z'],
  [
    'a zone that is not known counts as the default',
    day('09:00'),
    'Mars/One',
    [],
    '2026-11-28T00:10:00.000Z',
    '2026-11-28T01:00:00.000Z',
  ],
  [
    'after the quiet hours in which it would fall',
    hour,
    'UTC',
    night,
    '2026-11-28T22:10:00.000Z',
    '2026-11-29T07:00:00.000Z',
  ],
  ['all of a night at its end', hour, 'UTC', night, '2026-11-29T03:10:00.000Z', '2026-11-29T07:00:00.000Z'],
  ['the last hour of the night too', hour, 'UTC', night, '2026-11-29T06:30:00.000Z', '2026-11-29T07:00:00.000Z'],
])('a digest rings: %s', (_, digest, timeZone, quietHours, now, rings) => {
  expect(digestAt(digest, { timeZone, quietHours }, now)).toBe(rings);
});
