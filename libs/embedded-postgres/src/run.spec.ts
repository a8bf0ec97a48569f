import { essenceOf } from './run';

describe('what a program said', () => {
  it.each([
    [
      'The files belonging to …\ncreating directory … ok\nrunning bootstrap script … 2026 FATAL:  could not write to file "pg_wal/x": File too large\nchild process exited with exit code 1\ninitdb: removing contents of data directory\n',
      'running bootstrap script … 2026 FATAL:  could not write to file "pg_wal/x": File too large',
    ],
    ['one\n\ntwo\n', 'two'],
    ['', 'it said nothing'],
  ])('is told in one line (%#)', (output, line) => expect(essenceOf(output)).toBe(line));
});
