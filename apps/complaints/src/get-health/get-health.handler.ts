import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  complaintsSubjects,
  healthSubjectOf,
  HubHealth,
  noFields,
  Reply,
  ServiceHealth,
  servicesWithHealth,
} from '@hark/contracts';
import { EventStore, readLogBefore, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { logFigures } from './log-figures';

/** How much of the log is counted: what came within an hour, at most `pageEvents` times `pagesMax` events. */
const pageEvents = 500;
const pagesMax = 10;
const windowMs = 3_600_000;
/** How long a service may take to tell its health. */
const patienceMs = 3_000;

/**
 * How the hub is, for operators: each service's word about its tables, groups, queues and stores, and what the latest events
 * say of the rate and of providers. A service that is away is named instead. Nobody's words are in it.
 */
@Controller()
@Requires('operator')
export class GetHealthHandler {
  constructor(
    private readonly store: EventStore,
    private readonly requests: RpcClient,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.getHealth)
  async handle(@Input(noFields) _: object): Promise<Reply<HubHealth>> {
    const at = this.clock.now();
    const [told, latest] = await Promise.all([
      Promise.all(servicesWithHealth.map((service) => this.ask(service))),
      this.latest(new Date(Date.parse(at) - windowMs).toISOString()),
    ]);
    const services = told.filter((one) => typeof one !== 'string');
    const silent = told.filter((one) => typeof one === 'string');
    return { body: { at, services, silent, ...logFigures(latest, at) } };
  }

  /** What the service tells, or its name when it does not answer. */
  private async ask(service: string): Promise<ServiceHealth | string> {
    const asked = this.requests.request<ServiceHealth>(healthSubjectOf(service), {}, { timeoutMs: patienceMs });
    return asked.then(({ body }) => body).catch(() => service);
  }

  /** Newest first. */
  private async latest(since: string): Promise<RecordedEvent[]> {
    const latest: RecordedEvent[] = [];
    let before: bigint | undefined;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const { events, next } = await readLogBefore(this.store.client, before, pageEvents);
      const wanted = events.filter(({ recordedAt }) => recordedAt >= since);
      latest.push(...wanted);
      if (next === undefined || wanted.length < events.length) return latest;
      before = next;
    }
    return latest;
  }
}
