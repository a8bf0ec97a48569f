import { HarkError } from '@hark/kernel';
import { nearest, readArguments } from './arguments';
import { failureText } from './failure-text';
import { commandHelps, commandHelpText, helpText } from './help';

const flag = { type: 'boolean', default: false } as const;
const options = { split: flag, log: flag, rate: { type: 'string' } } as const;

describe('the arguments of a command', () => {
  it('are read', () =>
    expect(readArguments('up', ['--split', '--rate', '5'], { options }).values).toMatchObject({
      split: true,
      log: false,
      rate: '5',
    }));

  it.each([
    [['--splt'], 'hark up has no option --splt; did you mean --split?'],
    [['--fast'], 'hark up has no option --fast; it has --split, --log, --rate'],
    [['--spl'], 'hark up has no option --spl; did you mean --split?'],
    [['now'], 'hark up takes no now; it has --split, --log, --rate'],
    [['--rate'], "hark up: Option '--rate <value>' argument missing"],
    [['--log=yes'], "hark up: Option '--log' does not take an argument"],
  ])('%j are refused with what is near', (args, message) =>
    expect(() => readArguments('up', args, { options })).toThrow(
      expect.objectContaining({ code: 'command.invalid', message }) as Error,
    ),
  );

  it('come near to what was meant by a slip or two', () => {
    const known = ['up', 'demo', 'rebuild', 'event-store'];
    expect(
      ['upp', 'pu', 'dmeo', 'rebuidl', 'event-stor', 'eventstore', 'launch'].map((each) => nearest(each, known)),
    ).toEqual(['up', 'up', 'demo', 'rebuild', 'event-store', 'event-store', undefined]);
  });
});

describe('help', () => {
  it('has every command in both languages, and each by itself with its options', () => {
    for (const [name, { usage, shortUsage = usage, en, zh }] of Object.entries(commandHelps)) {
      expect(helpText()).toContain(shortUsage);
      expect(en).not.toBe('');
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(commandHelpText(name)).toContain(usage);
    }
    expect(commandHelpText('up')).toMatch(/--split +a process per service/);
    expect(commandHelpText('launch')).toBeUndefined();
    expect(commandHelpText('toString')).toBeUndefined();
  });

  it('tells of every option that its usage shows', () => {
    for (const { usage, options: told = {} } of Object.values(commandHelps)) {
      const shown = new Set([...usage.matchAll(/--[a-z-]+/g)].map(([option]) => option));
      expect([...shown].sort()).toEqual(Object.keys(told).sort());
    }
  });
});

describe('a failure', () => {
  it('is one sentence in each language, with its code and without a stack', () => {
    const extra = { port: 3000, setting: 'HARK_PORT' };
    expect(failureText(new HarkError('conflict', 'config.port-taken', 'port 3000 is taken', { extra }))).toBe(
      'hark: port 3000 is taken (config.port-taken)\n' +
        'hark: 端口 3000 已被占用：请结束占用它的程序，或将 HARK_PORT 设为其他端口（0 表示自动选择）。\n',
    );
    expect(failureText(new HarkError('refused', 'some.code', 'no'))).toMatch(/^hark: no \(some\.code\)\nhark: .*\n$/);
  });

  const initdb =
    'PostgreSQL could not make its data folder: creating …\ncould not write: No space left on device\nremoving …';
  it.each([
    ['a full disk', Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }), 'the disk is full'],
    ['a full disk under SQLite', Object.assign(new Error('full'), { errcode: 13 }), 'the disk is full'],
    ['a full disk under initdb', new HarkError('unavailable', 'postgres.no-cluster', initdb), 'the disk is full'],
    ['it in a cause', new Error('x', { cause: Object.assign(new Error('y'), { code: 'EDQUOT' }) }), 'the disk is full'],
    [
      'a file of somebody else',
      Object.assign(new Error('no'), { code: 'EACCES', path: '/srv/x', syscall: 'open' }),
      '/srv/x cannot be used by this user (EACCES, open)',
    ],
    ['too many files', Object.assign(new Error('no'), { code: 'EMFILE' }), 'raise the limit (ulimit -n)'],
  ])('of %s says what to do', (_what, error, sentence) => {
    const text = failureText(error);
    expect(text).toContain(sentence);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(/\p{Script=Han}/u);
  });

  it('that nobody foresaw keeps its stack', () => expect(failureText(new TypeError('odd'))).toContain('at '));
});
