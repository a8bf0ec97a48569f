import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryEvent, Locale, Priority } from '@hark/contracts';
import { reactionContext, RecordedEvent, stepContext } from '@hark/eventstore';
import { heardAs } from '@hark/gate';
import { Clock, HarkError, IsoTime, plusMs, positionToken } from '@hark/kernel';
import { ReadModel } from '@hark/readmodel';
import { ConsentSnapshot, ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { digestIdOf, DigestStore } from '../digest.store';
import { EndpointDelivery } from '../domain/delivery.decider';
import { InboxItemStore } from '../inbox-item.store';
import { PushedMessages } from '../pushed-messages.store';
import { DigestLine, digestWords } from './digest-words';
import { LaterTries, LaterTry } from './later-tries';
import { NotificationFactory } from './notification-factory';
import { DigestNote, Run, SendAttempts } from './send-attempts';

type Resumed = Extract<DeliveryEvent, { type: 'delivery.resumed' }>;
type BareRun = Omit<Run, 'ownAttempts'>;

/** How many messages a digest counts; of more it says that there are more. */
const countedMax = 500;
/** How many of them are looked at at once. */
const lookedAtMax = 32;
/** How long a push waits for another one's try before it asks again, in milliseconds: more each time, up to an hour. */
const firstWaitMs = 15_000;
const longestWaitMs = 3_600_000;
/** For how long it does so. */
const waitsMs = 24 * 3_600_000;
/** How often a push runs for the lead before its event is tried again. */
const runsMax = 5;

const loudest: readonly Priority[] = ['critical', 'high', 'normal', 'low'];

/**
 * Rings once for all pushes that wait for the same time at the same endpoint. Each of them is woken by itself, so that none
 * is lost with another; whichever is first leads, and its own try says how many there are. The others end as it ends, wait
 * while it waits, and one of them leads when it may not be told any more.
 */
@Injectable()
export class Digests {
  constructor(
    private readonly digests: DigestStore,
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly items: InboxItemStore,
    private readonly consent: ConsentStore,
    private readonly notes: NotificationFactory,
    private readonly attempts: SendAttempts,
    private readonly laterTries: LaterTries,
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /**
   * One step of the push at that endpoint, whose digest is due: tells for all, or ends or waits as the lead does. Answers
   * as `SendAttempts.tryOnce`.
   */
  async ring(
    recorded: RecordedEvent<Resumed>,
    leg: EndpointDelivery,
    digestAt: IsoTime,
    run: BareRun,
    later: LaterTry,
  ): Promise<readonly string[]> {
    const { id: pushId } = recorded;
    const { endpointId } = leg;
    const { state: item } = await this.items.load(pushId);
    if (item.readAt !== null || item.archivedAt !== null || item.isCleared) {
      await run.log.write('read', { type: 'Suppress', endpointId, reason: 'read', at: this.clock.now() });
      return [];
    }
    const digestId = digestIdOf(endpointId, digestAt);
    const context = reactionContext(recorded, 'delivery');
    for (let runs = 1; runs <= runsMax; runs += 1) {
      const { leadId } = (await this.digests.load(digestId)).state;
      if (leadId === pushId) return this.tell(recorded, leg, digestAt, run, later);
      const lead = leadId === null ? undefined : await this.legOf(leadId, endpointId, digestAt);
      if (leadId !== null && lead) {
        await this.follow(leadId, lead, leg, digestAt, run);
        return [];
      }
      if (!(await this.attempts.mayTry(leg, run))) return [];
      const command = { type: 'Lead', pushId, insteadOf: leadId, at: this.clock.now() } as const;
      await this.digests.execute(digestId, command, stepContext(context, `lead:${runs}`));
    }
    throw new HarkError('unavailable', 'delivery.contended', 'others run for the lead of the digest');
  }

  /** The lead's own way there; undefined when it is not to be told in this digest any more. */
  private async legOf(leadId: string, endpointId: string, digestAt: IsoTime): Promise<EndpointDelivery | undefined> {
    const { state: lead } = await this.deliveries.load(leadId);
    if (lead.is === 'absent') return undefined;
    return lead.legs.find(
      (leg) => leg.endpointId === endpointId && leg.digest === digestAt && !leg.isPast && leg.settled !== 'suppressed',
    );
  }

  /** Ends as the lead has ended; waits while it is at work or waits itself. */
  private async follow(
    leadId: string,
    lead: EndpointDelivery,
    leg: EndpointDelivery,
    digestAt: IsoTime,
    run: BareRun,
  ): Promise<void> {
    if (!(await this.attempts.mayTry(leg, run, { isSilent: true }))) return;
    const { endpointId, deferrals, deferralsBefore } = leg;
    const at = this.clock.now();
    const told = { type: 'Digest', endpointId, leadId, at } as const;
    if (lead.settled === 'sent') await run.log.write('digested', told);
    else if (lead.settled !== null || at >= plusMs(digestAt, waitsMs)) {
      const failure = lead.settled === 'failed' ? (lead.reason ?? 'TRANSIENT') : 'UNKNOWN_OUTCOME';
      await run.log.write('digested', { ...told, class: failure });
    } else {
      const waitMs = Math.min(firstWaitMs * 2 ** (deferrals - deferralsBefore - 1), longestWaitMs);
      const soon = plusMs(at, waitMs);
      const until = lead.isDeferred && lead.until !== null && lead.until > soon ? lead.until : soon;
      await run.log.write('wait', { type: 'Postpone', endpointId, reason: 'busy', until, at });
    }
  }

  /** The lead's try. Alone it is told as what it is, unless a newer push has taken its place on the phone. */
  private async tell(
    recorded: RecordedEvent,
    leg: EndpointDelivery,
    digestAt: IsoTime,
    run: BareRun,
    later: LaterTry,
  ): Promise<readonly string[]> {
    await this.readModel.waitForPosition(positionToken(recorded.position, 'delivery'));
    const { personId } = run.pushed;
    const asked = { pushId: recorded.id, personId, endpointId: leg.endpointId, digestAt };
    const others = (await this.waiting(asked)).looks.filter(({ pushId }) => pushId !== recorded.id);
    const id = digestIdOf(leg.endpointId, digestAt);
    const digest = { id, compose: (language: Locale) => this.compose(asked, leg.kind, language, run) };
    if (others.length === 0 && !leg.isDigested) return this.laterTries.tryOnce([leg], run, later);
    return this.attempts.tryOnce([leg], { ...run, ownAttempts: new Set(), digest }, later.until);
  }

  /** What the digest says, of what the gate lets through there at this moment. */
  private async compose(
    asked: Asked,
    kind: string,
    language: Locale,
    { pushed, note }: BareRun,
  ): Promise<DigestNote | undefined> {
    const { looks, isMore } = await this.waiting(asked);
    if (!note || looks.length === 0) return undefined;
    const lines = await this.lines(looks);
    const separator = kind === 'email' ? '\n' : language === 'en' ? ', ' : '、';
    const id = digestIdOf(asked.endpointId, asked.digestAt);
    const priority = loudest.find((one) => looks.some((look) => look.priority === one)) ?? pushed.priority;
    return {
      priority,
      note: {
        ...this.notes.ofTheHub(note, digestWords(lines, language, separator, isMore)),
        deliveryId: id,
        dedupeId: id,
        receivedAt: this.clock.now(),
        digest: true,
      },
    };
  }

  private async lines(looks: readonly Waiting[]): Promise<DigestLine[]> {
    const counts = new Map<string, { readonly appId: string; count: number }>();
    for (const { bindingId, appId } of looks) {
      const { count = 0 } = counts.get(bindingId) ?? {};
      counts.set(bindingId, { appId, count: count + 1 });
    }
    return Promise.all(
      [...counts].map(async ([bindingId, { appId, count }]) => {
        const { appName: name, appVerified: verified } = await this.notes.senderOf(appId, bindingId);
        return { name, verified, count };
      }),
    );
  }

  /** The unread pushes that are told there in that digest, as the gate says now. */
  private async waiting({ personId, endpointId, digestAt, pushId }: Asked): Promise<{
    readonly looks: readonly Waiting[];
    readonly isMore: boolean;
  }> {
    const rows = await this.database.query<{ push_id: string }[]>(
      `select push_id from delivery.digests join delivery.inbox on item_id = push_id
       where person_id = $1 and until = $2 and filed_at is not null and read_at is null and archived_at is null
       order by place desc limit ${countedMax + 1}`,
      [personId, digestAt],
    );
    const ids = new Set([pushId, ...rows.slice(0, countedMax).map(({ push_id }) => push_id)]);
    const present = this.consent.present();
    const looks: Waiting[] = [];
    const left = [...ids];
    while (left.length > 0) {
      const some = left.splice(0, lookedAtMax).map(async (id) => {
        const pushed = await this.messages.times(id, present);
        const refs = { ...pushed, pushId: id };
        const look = await this.consent.look(refs, this.clock.now(), present, { isSilent: true, digest: digestAt });
        const { bindingId, appId, priority } = pushed;
        if (!isLetThrough(look, endpointId)) return [];
        return [{ pushId: id, bindingId, appId, priority: heardAs(priority, look.binding) }];
      });
      looks.push(...(await Promise.all(some)).flat());
    }
    return { looks, isMore: rows.length > countedMax };
  }
}

/** A digest, asked for by the push that leads it. */
interface Asked {
  readonly pushId: string;
  readonly personId: string;
  readonly endpointId: string;
  readonly digestAt: IsoTime;
}

/** A push that is told in it. */
interface Waiting {
  readonly pushId: string;
  readonly bindingId: string;
  readonly appId: string;
  readonly priority: Priority;
}

const isLetThrough = ({ decision }: ConsentSnapshot, endpointId: string): boolean =>
  decision.is === 'deliver' && decision.endpoints.some((one) => one.endpointId === endpointId);
