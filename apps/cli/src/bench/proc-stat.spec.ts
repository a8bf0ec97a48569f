import { readFileSync } from 'node:fs';
import { familyOf, parseKilobytes, parseStat, ProcStat } from './proc-stat';

const line =
  '4711 (node (hub) x) S 12 4711 4711 0 -1 4194304 5000 600 0 0 250 50 7 3 20 0 11 0 99 1000 2000 18446744073709551615';

describe('/proc', () => {
  it('gives CPU time in milliseconds and the parent, also behind a name with blanks and brackets', () => {
    expect(parseStat(line)).toEqual({
      id: 4711,
      name: 'node (hub) x',
      parent: 12,
      cpuMs: 3_000,
      endedChildrenCpuMs: 100,
    });
  });

  it('refuses what is no such line', () => {
    expect(() => parseStat('')).toThrow('/proc');
  });

  it('is read of a living process: this one has a parent and has worked', () => {
    const own = parseStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(own.id).toBe(process.pid);
    expect(own.parent).toBe(process.ppid);
    expect(own.cpuMs).toBeGreaterThan(0);
  });

  it('gives memory in bytes', () => {
    const status = 'Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n';
    expect(parseKilobytes(status, 'VmRSS')).toBe(104_857_600);
    expect(parseKilobytes(status, 'VmHWM')).toBe(209_715_200);
    expect(parseKilobytes(status, 'Pss')).toBeUndefined();
  });

  it('finds a family over generations, and nobody else', () => {
    const member = (id: number, parent: number): ProcStat => ({
      id,
      parent,
      name: 'x',
      cpuMs: 0,
      endedChildrenCpuMs: 0,
    });
    const all = [
      member(1, 0),
      member(40, 30),
      member(10, 1),
      member(20, 10),
      member(30, 20),
      member(11, 1),
      member(21, 10),
    ];
    expect(familyOf(10, all).map(({ id }) => id)).toEqual([10, 20, 21, 30, 40]);
    expect(familyOf(99, all)).toEqual([]);
  });
});
