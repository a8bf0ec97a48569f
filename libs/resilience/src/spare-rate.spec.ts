import { SpareRate } from './spare-rate';

/** Two processors; what begins costs `costMs` of them each, beside `others` that take a part of both. */
class Machine {
  nowMs = 0;
  cpuMs = 0;
  others = 0;
  costMs = 1;
  readonly rate = new SpareRate(
    { processorsMax: 0.6, leastPerSecond: 20, mostPerSecond: 1_000 },
    () => this.nowMs,
    () => this.cpuMs,
    2,
  );

  /** Lets begin what may for so long; how many did. */
  run(seconds: number): number {
    const endMs = this.nowMs + seconds * 1_000;
    let begun = 0;
    while (this.nowMs < endMs) {
      const waitMs = this.rate.begun();
      begun += 1;
      this.cpuMs += this.costMs + this.others * 2 * waitMs;
      this.nowMs += waitMs;
    }
    return begun;
  }

  /** The part of the processors that is used within so long. */
  used(seconds: number): number {
    const before = this.cpuMs;
    this.run(seconds);
    return (this.cpuMs - before) / (seconds * 2_000);
  }
}

describe('the rate that leaves the others their part of the processors', () => {
  it('begins with the least and grows to the most while the machine has enough left', () => {
    const machine = new Machine();
    expect(machine.run(1)).toBeLessThan(60);
    machine.run(10);
    expect(machine.rate.perSecond).toBe(1_000);
    expect(machine.run(1)).toBeGreaterThan(900);
  });

  it('fills the part that it may take, and no more', () => {
    const machine = new Machine();
    machine.costMs = 4;
    machine.run(20);
    expect(machine.used(10)).toBeGreaterThan(0.5);
    expect(machine.used(10)).toBeLessThan(0.66);
  });

  it('gives way to others of the process within a second, never below the least, and comes back', () => {
    const machine = new Machine();
    machine.run(20);
    machine.others = 0.9;
    machine.run(2);
    expect(machine.rate.perSecond).toBeLessThan(60);
    machine.run(5);
    expect(machine.rate.perSecond).toBe(20);
    machine.others = 0;
    machine.run(10);
    expect(machine.rate.perSecond).toBe(1_000);
  });

  it('does not learn from a time in which nothing began', () => {
    const machine = new Machine();
    machine.run(20);
    machine.nowMs += 60_000;
    machine.cpuMs += 120_000;
    machine.rate.begun();
    expect(machine.rate.perSecond).toBe(1_000);
  });
});
