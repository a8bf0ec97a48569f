import { Injectable } from '@nestjs/common';
import { AppEvent, BindingEvent, OpenidEvent, StandingEvent, UserEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import {
  absentApp,
  absentBinding,
  evolveApp,
  evolveBinding,
  evolveOpenid,
  evolveStanding,
  evolveUser,
  unclaimedOpenid,
  unknownUser,
  unopenedStanding,
} from '@hark/gate';

/** What others say about consent and standing, read from their streams at the moment of the decision. */
@Injectable()
export class ConsentStore {
  readonly bindings: StateCache<ReturnType<typeof evolveBinding>, BindingEvent>;
  readonly openids: StateCache<ReturnType<typeof evolveOpenid>, OpenidEvent>;
  readonly apps: StateCache<ReturnType<typeof evolveApp>, AppEvent>;
  readonly users: StateCache<ReturnType<typeof evolveUser>, UserEvent>;
  readonly standings: StateCache<ReturnType<typeof evolveStanding>, StandingEvent>;

  constructor(store: EventStore) {
    this.bindings = new StateCache(store, 'binding', evolveBinding, absentBinding);
    this.openids = new StateCache(store, 'openid', evolveOpenid, unclaimedOpenid);
    this.apps = new StateCache(store, 'app', evolveApp, absentApp);
    this.users = new StateCache(store, 'user', evolveUser, unknownUser);
    this.standings = new StateCache(store, 'standing', evolveStanding, unopenedStanding);
  }
}
