import { BindingEvent, Locale, StandingEvent, UserEvent } from '@hark/contracts';
import { EventStore, FoldCache } from '@hark/eventstore';
import {
  absentBinding,
  Binding,
  evolveBinding,
  evolvePerson,
  evolveStanding,
  gate,
  GateDecision,
  languageOf,
  Person,
  Standing,
  unknownPerson,
  unopenedStanding,
} from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { Injectable } from '@nestjs/common';

/** Whose push it is, and the consent it was accepted under. */
export interface Addressed {
  readonly bindingId: string;
  readonly consentId: string;
  readonly ownerId: string;
  readonly personId: string;
}

/** The gate's answer with the revisions it looked at. */
export interface Look {
  readonly decision: GateDecision;
  readonly binding: Binding;
  readonly bindingRevision: number;
  readonly standingRevision: number;
  /** Of every text that the hub itself makes for the person. */
  readonly language: Locale;
}

/** Looks through the gate at what the streams say at this moment; never at a read model. */
@Injectable()
export class ConsentStore {
  private readonly bindings: FoldCache<Binding, BindingEvent>;
  private readonly standings: FoldCache<Standing, StandingEvent>;
  private readonly people: FoldCache<Person, UserEvent>;

  constructor(store: EventStore) {
    this.bindings = new FoldCache(store, 'binding', evolveBinding, absentBinding);
    this.standings = new FoldCache(store, 'standing', evolveStanding, unopenedStanding);
    this.people = new FoldCache(store, 'user', evolvePerson, unknownPerson);
  }

  /** The person, as their stream has them now. */
  async person(personId: string): Promise<Person> {
    return (await this.people.get(personId)).state;
  }

  /** What the person's own client called the app, where nobody owns it. */
  async appNameIn(bindingId: string): Promise<string | undefined> {
    const { state } = await this.bindings.get(bindingId);
    return state.is === 'absent' ? undefined : state.appName;
  }

  /** What the gate says now of a push whose text has passed moderation. */
  async look({ bindingId, consentId, ownerId, personId }: Addressed, now: IsoTime): Promise<Look> {
    const [binding, standing, person] = await Promise.all([
      this.bindings.get(bindingId),
      this.standings.get(ownerId),
      this.people.get(personId),
    ]);
    const decision = gate({
      binding: binding.state,
      consentId,
      standing: standing.state,
      person: person.state,
      verdict: 'passed',
      now,
    });
    return {
      decision,
      binding: binding.state,
      bindingRevision: binding.revision,
      standingRevision: standing.revision,
      language: languageOf(person.state),
    };
  }
}
