import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { cpuMsOf, familyThreads, familyUsage } from './usage';

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

  it('tells threads apart by the name their worker was given', async () => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, name: 'hark-sandbox' });
    try {
      await once(worker, 'online');
      const threads = familyThreads(process.pid, 'jest').filter(({ part }) => part === 'jest');
      expect(threads.map(({ thread }) => thread)).toContain('hark-sandbox');
      expect(threads.some(({ cpuMs }) => cpuMs > 0)).toBe(true);
    } finally {
      await worker.terminate();
    }
  });
});
