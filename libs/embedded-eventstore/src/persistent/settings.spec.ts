import { type GroupConfig, readConfig, writeConfig } from './group-config';
import {
  formatPlace,
  formatStartFrom,
  type GroupSettings,
  parsePlace,
  parseStartFrom,
  type StartFrom,
} from './settings';

const starts: [stream: string, start: StartFrom, text: string][] = [
  ['s', { is: 'start' }, '0'],
  ['s', { is: 'end' }, '-1'],
  ['s', { is: 'revision', revision: 5n }, '5'],
  ['$all', { is: 'start' }, 'C:0/P:0'],
  ['$all', { is: 'end' }, 'C:-1/P:-1'],
  ['$all', { is: 'position', commit: 12n, prepare: 7n }, 'C:12/P:7'],
];

describe('a start', () => {
  it.each(starts)('of %s is shown and read back: %j', (stream, start, text) => {
    expect(formatStartFrom(stream, start)).toBe(text);
    expect(parseStartFrom(text)).toEqual(start);
  });

  it.each(['', 'C:1', '1.5', 'C:1/P:x', '--1'])('is not %p', (text) => {
    expect(() => parseStartFrom(text)).toThrow();
  });
});

describe('a place', () => {
  it.each([
    ['s', 17n, '17'],
    ['$all', 123n, 'C:123/P:123'],
  ])('of %s is written and read back', (stream, place, text) => {
    expect(formatPlace(stream, place)).toBe(text);
    expect(parsePlace(text)).toBe(place);
  });

  it.each(['', '-1', 'C:-1/P:-1', 'x'])('is not %p', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });
});

describe('the stored configuration', () => {
  const settings: GroupSettings = {
    startFrom: { is: 'start' },
    resolveLinkTos: true,
    extraStatistics: false,
    messageTimeoutMs: 30_000,
    maxRetryCount: 0,
    checkPointAfterMs: 2_000,
    minCheckPointCount: 10,
    maxCheckPointCount: 1_000,
    maxSubscriberCount: 0,
    liveBufferSize: 500,
    readBatchSize: 20,
    historyBufferSize: 500,
    consumerStrategy: 'Pinned',
  };
  const config = (changes: Partial<GroupConfig>): GroupConfig => ({
    stream: 's',
    group: 'g',
    settings,
    filter: undefined,
    resolvedEnd: undefined,
    ...changes,
  });
  const filter = {
    on: 'stream-name',
    regex: '',
    prefixes: ['a', 'b'],
    window: 32,
    checkpointIntervalMultiplier: 1,
  } as const;

  it.each([
    ['on a stream', config({})],
    ['from the end of a stream', config({ resolvedEnd: { nextRevision: 7n } })],
    ['from the end of $all', config({ stream: '$all', resolvedEnd: { configRevision: 2n } })],
    ['by prefix', config({ stream: '$all', filter })],
    ['by regex', config({ stream: '$all', filter: { ...filter, on: 'event-type', prefixes: [], regex: '^x$' } })],
    ...starts.map(([stream, startFrom, text]): [string, GroupConfig] => [
      `from ${text}`,
      config({ stream, settings: { ...settings, startFrom } }),
    ]),
  ])('gives a group back as it was: %s', (_, group) => {
    expect(readConfig(writeConfig([group, group], 'system', 0))).toEqual([group, group]);
  });

  it('leaves out what is zero or false, and names version and time', () => {
    const stored = JSON.parse(writeConfig([config({})], 'system', 0)) as { entries: object[] };
    expect(stored).toMatchObject({ version: '2', updated: '1970-01-01T00:00:00.000Z', updatedBy: 'system' });
    expect(stored.entries[0]).not.toHaveProperty('maxRetryCount');
    expect(stored.entries[0]).toMatchObject({ readBatchSize: 20, startPosition: '0', resolveLinkTos: true });
  });

  it('of another version is refused', () => {
    expect(() => readConfig('{"version":"3","entries":[]}')).toThrow('version 3');
  });
});
