import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Dependencies } from './dependencies';
import { processMetrics } from './process-metrics';

const secondsPerMs = 1 / 1_000;
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5];

/** Values by the value of one label, as they are now. */
export type ByLabel = Readonly<Record<string, number>>;

/**
 * A service's own metrics: several services in one process have a registry each. No personal data in labels, and only
 * labels with few values; `docs/metrics.md` lists all, and a test compares. Counters end in `_total`.
 */
export class Metrics {
  /** The metrics of this process's services. Only the first reports the process itself, so that it is reported once. */
  private static readonly living = new Set<Metrics>();
  private readonly registry = new Registry();
  private readonly requests: Counter;
  private readonly durations: Histogram;

  constructor(private readonly service: string) {
    this.registry.setDefaultLabels({ service });
    this.requests = this.counter(
      'hark_requests_total',
      'Requests over NATS that were answered, by subject and code: ok, or that of the error.',
      ['subject', 'code'],
    );
    this.durations = this.histogram(
      'hark_request_duration_seconds',
      'From the arrival of a request over NATS to its answer.',
      durationBuckets,
      ['subject'],
    );
    Metrics.living.add(this);
  }

  /** Everything, in Prometheus' text format. */
  async text(): Promise<string> {
    const own = await this.registry.metrics();
    const [first] = Metrics.living;
    return first === this ? `${own}\n${await processMetrics(this.service)}` : own;
  }

  /** Lets another service of this process report the process. */
  close(): void {
    Metrics.living.delete(this);
  }

  /** Counts an answered request. */
  readonly observeRequest = (subject: string, code: string, durationMs: number): void => {
    this.requests.inc({ subject, code });
    this.durations.observe({ subject }, durationMs * secondsPerMs);
  };

  /** `hark_dependency_up`: 1 or 0 for each of them, asked whenever the metrics are read. */
  dependencies(dependencies: Dependencies): void {
    const seen = async (): Promise<ByLabel> =>
      Object.fromEntries(Object.entries(await dependencies.look()).map(([name, up]) => [name, Number(up)]));
    this.gaugeBy('hark_dependency_up', 'Whether a store this service depends on answers.', 'dependency', seen);
  }

  /** Something that is counted here; `name` ends in `_total`. */
  counter<L extends string>(name: `${string}_total`, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A duration in seconds, as a histogram. */
  histogram<L extends string>(
    name: `${string}_seconds`,
    help: string,
    buckets: number[],
    labelNames: readonly L[] = [],
  ): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] });
  }

  /** Something counted elsewhere that only grows, read whenever the metrics are. */
  counted(name: `${string}_total`, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** The same by the values of one label. */
  countedBy(name: `${string}_total`, help: string, label: string, read: () => ByLabel): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
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

  /** The same by the values of one label. A value that cannot be read is left out, never reported as 0. */
  gaugeBy(name: string, help: string, label: string, read: () => ByLabel | Promise<ByLabel>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      async collect() {
        this.reset();
        const seen = await Promise.resolve(read()).catch((): ByLabel => ({}));
        for (const [value, figure] of Object.entries(seen)) this.set({ [label]: value }, figure);
      },
    });
  }
}
