import { AppEvent, BindingEvent, OpenidEvent, StandingEvent, UserEvent } from '@hark/contracts';
import { EventStore, FoldCache } from '@hark/eventstore';
import {
  absentApp,
  absentBinding,
  evolveApp,
  evolveBinding,
  evolveOpenid,
  evolvePerson,
  evolveStanding,
  unclaimedOpenid,
  unknownPerson,
  unopenedStanding,
} from '@hark/gate';
import { Injectable } from '@nestjs/common';

/** What others say about consent and standing, read from their streams at the moment of the decision. */
@Injectable()
export class ConsentStore {
  readonly bindings: FoldCache<ReturnType<typeof evolveBinding>, BindingEvent>;
  readonly openids: FoldCache<ReturnType<typeof evolveOpenid>, OpenidEvent>;
  readonly apps: FoldCache<ReturnType<typeof evolveApp>, AppEvent>;
  readonly people: FoldCache<ReturnType<typeof evolvePerson>, UserEvent>;
  readonly standings: FoldCache<ReturnType<typeof evolveStanding>, StandingEvent>;

  constructor(store: EventStore) {
    this.bindings = new FoldCache(store, 'binding', evolveBinding, absentBinding);
    this.openids = new FoldCache(store, 'openid', evolveOpenid, unclaimedOpenid);
    this.apps = new FoldCache(store, 'app', evolveApp, absentApp);
    this.people = new FoldCache(store, 'user', evolvePerson, unknownPerson);
    this.standings = new FoldCache(store, 'standing', evolveStanding, unopenedStanding);
  }
}
