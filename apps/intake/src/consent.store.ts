import { Injectable } from '@nestjs/common';
import { EventStore, StateCache } from '@hark/eventstore';
import {
  App,
  appFold,
  Binding,
  bindingFold,
  Openid,
  openidFold,
  Standing,
  standingFold,
  User,
  userFold,
} from '@hark/gate';

/** Other services' facts on consent and standing, read from their streams at the moment of the decision. */
@Injectable()
export class ConsentStore {
  readonly bindings: StateCache<Binding>;
  readonly openids: StateCache<Openid>;
  readonly apps: StateCache<App>;
  readonly users: StateCache<User>;
  readonly standings: StateCache<Standing>;

  constructor(store: EventStore) {
    this.bindings = store.streams('binding', bindingFold);
    this.openids = store.streams('openid', openidFold);
    this.apps = store.streams('app', appFold);
    this.users = store.streams('user', userFold);
    this.standings = store.streams('standing', standingFold);
  }
}
