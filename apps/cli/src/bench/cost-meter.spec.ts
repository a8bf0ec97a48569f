import { partCosts } from './cost-meter';

const part = (name: string, cpuMs: number) => ({ name, pids: [1], cpuMs, memoryBytes: 100 });
const thread = (part: string, thread: string, cpuMs: number) => ({ part, thread, cpuMs });

describe('the cost of the parts', () => {
  it('shows the thread of the sandbox apart from its process', () => {
    const costs = partCosts(
      [part('hub', 90), part('postgres', 10)],
      [thread('hub', 'MainThread', 60), thread('hub', 'hark-sandbox', 20)],
      10,
    );
    expect(costs).toEqual([
      { name: 'hub', processes: 1, cpuMs: 70, cpuMsPerPush: 7, memoryBytes: 100, apart: false },
      { name: 'postgres', processes: 1, cpuMs: 10, cpuMsPerPush: 1, memoryBytes: 100, apart: false },
      { name: 'sandbox', processes: 0, cpuMs: 20, cpuMsPerPush: 2, memoryBytes: 0, apart: true },
    ]);
  });

  it('shows a process of the sandbox apart', () => {
    const costs = partCosts([part('hub', 90), part('sandbox', 30)], [], 10);
    expect(costs.map(({ name, apart }) => [name, apart])).toEqual([
      ['hub', false],
      ['sandbox', true],
    ]);
  });
});
