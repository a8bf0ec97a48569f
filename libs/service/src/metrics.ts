import type { Dependencies } from './dependencies';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const secondsPerMs = 1 / 1_000;
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A service's own metrics: several services in one process do not share a registry. No personal data in labels. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'hark_requests_total',
    help: 'Answered requests by subject and code (ok, or the error code).',
    labelNames: ['subject', 'code'],
    registers: [this.registry],
  });
  private readonly durations = new Histogram({
    name: 'hark_request_duration_seconds',
    help: 'From the arrival of a request to its answer.',
    labelNames: ['subject'],
    buckets: durationBuckets,
    registers: [this.registry],
  });

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    this.gauge('hark_process_resident_memory_bytes', 'Resident memory of the process.', () =>
      process.memoryUsage.rss(),
    );
    this.gauge('hark_process_cpu_seconds_total', 'User and system CPU time of the process.', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000_000;
    });
  }

  /** Counts an answered request. */
  readonly observeRequest = (subject: string, code: string, durationMs: number): void => {
    this.requests.inc({ subject, code });
    this.durations.observe({ subject }, durationMs * secondsPerMs);
  };

  /** `hark_dependency_up`: 1 or 0 for each of them, asked whenever the metrics are asked for. */
  dependencies(dependencies: Dependencies): void {
    new Gauge({
      name: 'hark_dependency_up',
      help: 'Whether a store this service depends on answers.',
      labelNames: ['dependency'],
      registers: [this.registry],
      async collect() {
        for (const [dependency, up] of Object.entries(await dependencies.look())) this.set({ dependency }, Number(up));
      },
    });
  }

  /** A figure that is read whenever the metrics are asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
