import { figure, mebibytes, table } from './table';

describe('tables', () => {
  it('align text left and figures right', () => {
    const lines = table([
      ['', 'p50', 'p99'],
      ['accept', '4.25', '123'],
      ['end to end', '20.1'],
    ]).split('\n');
    expect(lines).toEqual(['               p50  p99', '  accept      4.25  123', '  end to end  20.1']);
  });

  it('show three digits, and a dash for nothing', () => {
    expect([1_234.5, 99.94, 9.994, 0.1234, 0, null].map(figure)).toEqual([
      '1235',
      '99.9',
      '9.99',
      '0.123',
      '0.000',
      '–',
    ]);
    expect(mebibytes(104_857_600)).toBe('100 MiB');
  });
});
