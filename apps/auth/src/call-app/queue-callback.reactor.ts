import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BindingEvent, StandingEvent } from '@hark/contracts';
import { EventStore, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Standing, standingFold, standingStatus } from '@hark/gate';
import { BindingStore } from '../binding.store';
import { CallbackQueue } from './callback-queue';

type Ended = Extract<BindingEvent, { type: 'binding.unbound' | 'binding.blocked' | 'binding.refused' }>;
type News = Extract<BindingEvent, { type: 'binding.bound' }> | Ended | StandingEvent;

/** The most apps of one owner that are told of the owner's standing. */
const appsMax = 200;

const standingTypes: readonly StandingEvent['type'][] = [
  'standing.penalized',
  'standing.throttled',
  'standing.suspended',
  'standing.ban-proposed',
  'standing.ban-rejected',
  'standing.banned',
  'standing.reinstated',
  'standing.penalty-lifted',
  'standing.point-restored',
];

/**
 * Queues what an app's own server is to be told: who bound it, who ended that, what became of its standing. Nothing for
 * an app without a callback address.
 */
@Injectable()
export class QueueCallbackReactor implements Reactor<News> {
  readonly group = 'auth.queue-callback';
  readonly reactsTo = ['binding.bound', 'binding.unbound', 'binding.blocked', 'binding.refused', ...standingTypes];
  private readonly standings: StateCache<Standing>;

  constructor(
    store: EventStore,
    private readonly bindings: BindingStore,
    private readonly callbacks: CallbackQueue,
    private readonly database: DataSource,
  ) {
    this.standings = store.streams('standing', standingFold);
  }

  async react(recorded: RecordedEvent<News>): Promise<void> {
    const { event, id } = recorded;
    if (isOfStanding(event)) return this.tellStanding(recorded, id, event.data.at);
    if (event.type === 'binding.unbound' && event.data.endedBefore) return;
    const { state: binding } = await this.bindings.load(id);
    if (binding.is === 'absent') return;
    const { appId } = binding;
    if (!(await this.callbacks.isCalled(appId))) return;
    const type = event.type === 'binding.bound' ? event.type : 'binding.unbound';
    const reason = reasonOf(event);
    await this.callbacks.queue(recorded, { appId, type, bindingId: id, ...(reason && { reason }), at: event.data.at });
  }

  private async tellStanding(recorded: RecordedEvent<News>, ownerId: string, at: string): Promise<void> {
    // Which apps an owner has is in the table only; one that came in this very second has nothing to be told yet.
    const rows: { app_id: string }[] = await this.database.query(
      `select app_id from auth.apps where owner_id = $1 and not deleted and facts ? 'callbackUrl'
       order by place desc limit ${appsMax}`,
      [ownerId],
    );
    if (rows.length === 0) return;
    const { state } = await this.standings.get(ownerId);
    const status = standingStatus(state, at);
    const standing = {
      status: status.is,
      points: state.points,
      ...(status.is === 'suspended' && { until: status.until }),
    };
    for (const { app_id: appId } of rows) {
      await this.callbacks.queue(recorded, { appId, type: 'standing.changed', standing, at });
    }
  }
}

const isOfStanding = (event: News): event is StandingEvent => event.type.startsWith('standing.');

function reasonOf(event: Exclude<News, StandingEvent>): string | undefined {
  switch (event.type) {
    case 'binding.bound':
      return undefined;
    case 'binding.unbound':
      return event.data.reason;
    case 'binding.blocked':
      return 'blocked';
    case 'binding.refused':
      return event.data.reason ?? 'app-refused';
  }
}
