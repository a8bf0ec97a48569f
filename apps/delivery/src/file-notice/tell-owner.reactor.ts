import { Injectable } from '@nestjs/common';
import { ComplaintEvent, StandingEvent } from '@hark/contracts';
import { EventStore, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { languageOf } from '@hark/gate';
import { Fold } from '@hark/kernel';
import { ConsentStore } from '../consent.store';
import { Notices } from './notices';
import { appealDecidedText, penalizedText } from './penalty-words';

type Penalized = Extract<StandingEvent, { type: 'standing.penalized' }>;
type Decided = Extract<ComplaintEvent, { type: 'complaint.appeal-granted' | 'complaint.appeal-refused' }>;
type Complained = Extract<ComplaintEvent, { type: 'complaint.complained' }>['data'];

const complainedFold: Fold<Complained | undefined, ComplaintEvent> = {
  initial: undefined,
  evolve: (complained, event) => (event.type === 'complaint.complained' ? event.data : complained),
};

/** Tells an app's owner of a penalty, and what came of their appeal. Never who complained. */
@Injectable()
export class TellOwnerReactor implements Reactor<Penalized | Decided> {
  readonly group = 'delivery.tell-owner';
  readonly reactsTo = ['standing.penalized', 'complaint.appeal-granted', 'complaint.appeal-refused'];
  private readonly complaints: StateCache<Complained | undefined>;

  constructor(
    store: EventStore,
    private readonly consent: ConsentStore,
    private readonly notices: Notices,
  ) {
    this.complaints = store.streams('complaint', complainedFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Penalized | Decided>): Promise<void> {
    const { event, id } = recorded;
    if (event.type === 'standing.penalized') return this.tellPenalized(recorded, id, event.data);
    const { state: complained } = await this.complaints.get(id);
    if (!complained) return;
    const { ownerId, appId } = complained;
    const isGranted = event.type === 'complaint.appeal-granted';
    const text = appealDecidedText(await this.languageOf(ownerId), {
      name: await this.nameOf(appId),
      isGranted,
      answer: event.data.note,
    });
    await this.notices.file(recorded, ownerId, isGranted ? 'appeal-granted' : 'appeal-refused', text);
  }

  private async tellPenalized(
    recorded: RecordedEvent,
    ownerId: string,
    { appId, points, left }: Penalized['data'],
  ): Promise<void> {
    // An app that nobody owns answers for itself: there is nobody to tell.
    if (ownerId === appId) return;
    const name = await this.nameOf(appId);
    const text = penalizedText(await this.languageOf(ownerId), { name, points, left });
    await this.notices.file(recorded, ownerId, 'penalized', text);
  }

  private languageOf = async (personId: string) => languageOf(await this.consent.user(personId));

  private async nameOf(appId: string): Promise<string> {
    const app = await this.consent.app(appId);
    return app.is === 'absent' ? '' : app.name;
  }
}
