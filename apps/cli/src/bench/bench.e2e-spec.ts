import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mainOf } from '../up/services';
import { HubReport } from './hub-bench';
import { TroubleReport } from './trouble-bench';

const run = promisify(execFile);
const timeoutMs = 120_000;

describe('hark bench', () => {
  const home = mkdtempSync(join(tmpdir(), 'hark-bench-e2e-'));
  const bench = (...args: string[]) =>
    run(process.execPath, [mainOf('cli'), 'bench', ...args], {
      env: { ...process.env, HARK_HOME: home },
      timeout: timeoutMs,
    });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it(
    'measures a hub of its own and loses nothing',
    async () => {
      const { stdout } = await bench('--rate', '20', '--seconds', '2', '--people', '4', '--json');
      expect(stdout.trim().split('\n')).toHaveLength(1);
      const report = JSON.parse(stdout) as HubReport;
      const { load, baselines, ratios } = report;
      expect(report.hub).toMatchObject({ own: true, split: false, people: 4 });
      expect(load).toMatchObject({ offered: 40, accepted: 40, errors: {}, lost: 0, doubled: 0, offeredPerSecond: 20 });
      expect([load.acceptMs.count, load.endToEndMs.count]).toEqual([40, 40]);
      for (const { p50, p95, p99, max } of [load.acceptMs, load.endToEndMs]) {
        expect(p50).toBeGreaterThan(0);
        expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].sort((a, b) => a! - b!));
      }
      // A push is accepted before it is delivered, but the answer may overtake or be overtaken on its way back.
      expect(load.endToEndMs.max).toBeGreaterThan(load.acceptMs.p50!);
      const parts = load.cost.parts.map(({ name }) => name);
      expect(parts).toContain('hub');
      expect(parts).toContain('postgres');
      expect(load.cost.cpuMsPerPush).toBeGreaterThan(0);
      expect(load.cost.parts.find(({ name }) => name === 'hub')?.memoryBytes).toBeGreaterThan(50_000_000);
      for (const { perSecond, p50Ms } of Object.values(baselines) as { perSecond: number; p50Ms: number }[]) {
        expect(perSecond).toBeGreaterThan(0);
        expect(p50Ms).toBeGreaterThan(0);
      }
      // The floor is measured at another moment, when the machine may have more to do.
      expect(ratios.acceptP50ToFloor).toBeGreaterThan(0);
      expect(report.machine.cpus).toBeGreaterThan(0);
    },
    timeoutMs,
  );

  it(
    'sees that what is refused for a while is tried at its times, and delivered once when its server relents',
    async () => {
      const { stdout } = await bench(
        'trouble',
        ...['--rate', '5', '--seconds', '3', '--people', '2', '--troubled', '4', '--json'],
      );
      const report = JSON.parse(stdout) as TroubleReport;
      expect(report).toMatchObject({ tries: { least: 2, most: 2 }, early: 0, delivered: 4, doubled: 0 });
      for (const { lost, doubled } of [report.without, report.with]) expect([lost, doubled]).toEqual([0, 0]);
    },
    timeoutMs,
  );

  it('says what is wrong with its arguments', async () => {
    await expect(bench('--rate', 'fast')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--rate must be') as string,
    });
  });
});
