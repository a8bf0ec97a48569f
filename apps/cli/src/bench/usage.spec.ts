import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuMsOf, familyUsage, threadUsage } from './usage';

describe('usage of processes', () => {
  it('counts this process and tells how much memory it holds', () => {
    const own = familyUsage(process.pid, 'jest').find(({ name }) => name === 'jest');
    expect(own?.pids).toEqual([process.pid]);
    expect(own?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(own?.cpuMs).toBeGreaterThan(0);
  });

  it('counts children apart from their parent', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      const family = familyUsage(process.pid, 'parent');
      expect(family.filter(({ pids }) => pids.includes(child.pid!)).map(({ name }) => name)).not.toContain('parent');
      expect(family.flatMap(({ pids }) => pids)).toContain(child.pid);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(cpuMsOf(child.pid!)).toBe(0);
  });

  it('names the threads', () => {
    expect([...threadUsage(process.pid).values()].reduce((all, one) => all + one, 0)).toBeGreaterThan(0);
  });
});
