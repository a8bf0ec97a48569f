import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, readSavedRun, SavedRun } from './comparison';

const run: SavedRun = {
  machine: { cpu: 'x', cpus: 2 },
  hub: { split: false, people: 20 },
  baselines: { http: { perSecond: 8_000 }, append: { p50Ms: 0.2 } },
  load: {
    offeredPerSecond: 100,
    acceptedPerSecond: 100,
    acceptMs: { p50: 20, p99: 80 },
    endToEndMs: { p50: 40, p99: null },
    cost: { cpuMsPerPush: 9 },
  },
};

describe('comparing with an earlier run', () => {
  it('gives the ratios of what both have', () => {
    const now = {
      ...run,
      load: { ...run.load, acceptMs: { p50: 5, p99: 40 }, endToEndMs: { p50: 20, p99: 50 }, cost: { cpuMsPerPush: 3 } },
      highest: { perSecond: 600 },
    };
    const { figures, differences } = compare(run, now);
    expect(Object.fromEntries(figures.map(({ name, ratio }) => [name, ratio]))).toEqual({
      'accept p50 ms': 0.25,
      'accept p99 ms': 0.5,
      'end to end p50 ms': 0.5,
      'accepted a second': 1,
      'CPU ms a push': 1 / 3,
      'this machine: bare POSTs a second': 1,
      'this machine: fsynced append p50 ms': 1,
    });
    expect(differences).toEqual([]);
  });

  it('says where the runs are not alike', () => {
    const now = { ...run, hub: { ...run.hub, batch: 100 }, stored: { pushes: 1_000, startAfterKillMs: 900 } };
    expect(compare(run, now).differences).toEqual([
      'pushes in a request: one before, 100 now',
      'pushes stored: 0 before, 1000 now',
    ]);
  });

  describe('that was saved', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hark-bench-compare-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const saved = (text: string): string => {
      const file = join(folder, 'run.json');
      writeFileSync(file, text);
      return file;
    };

    it('reads what it needs', () =>
      expect(readSavedRun(saved(JSON.stringify({ ...run, more: 'than is compared' })))).toEqual(run));

    it.each([
      ['{', 'is not JSON'],
      ['[]', 'is not what hark bench --json writes'],
      ['{"machine":{"cpu":"x","cpus":2},"figures":{}}', 'is not what hark bench --json writes: hub'],
    ])('refuses %s', (text, why) =>
      expect(() => readSavedRun(saved(text))).toThrow(
        expect.objectContaining({ code: 'command.invalid', message: expect.stringContaining(why) as string }) as Error,
      ),
    );

    it('refuses a file that is not there', () =>
      expect(() => readSavedRun(join(folder, 'none.json'))).toThrow('cannot be read'));
  });
});
