import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { Counter, Gauge, Registry } from 'prom-client';

const microsecondsPerSecond = 1_000_000;
const nanosecondsPerSecond = 1_000_000_000;
const percentile = 99;
let registry: Registry | undefined;

/**
 * Metrics of this process under the name of the service that reports them. Each reading starts a new window for the
 * delay.
 */
export function processMetrics(service: string): Promise<string> {
  registry ??= makeRegistry();
  registry.setDefaultLabels({ process: service });
  return registry.metrics();
}

function makeRegistry(): Registry {
  const registers = [new Registry()];
  const delay = monitorEventLoopDelay();
  delay.enable();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  new Counter({
    name: 'hark_process_cpu_seconds_total',
    help: 'User and system CPU time of the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / microsecondsPerSecond);
    },
  });
  gauge('hark_process_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  gauge('hark_process_heap_used_bytes', 'JavaScript heap in use.', () => getHeapStatistics().used_heap_size);
  gauge('hark_process_heap_limit_bytes', 'How large the heap may grow.', () => getHeapStatistics().heap_size_limit);
  gauge('hark_process_event_loop_delay_seconds', 'How late timers fire, 99th percentile since last asked.', () => {
    const seconds = delay.percentile(percentile) / nanosecondsPerSecond;
    delay.reset();
    return seconds;
  });
  return registers[0]!;
}
