import { Injectable } from '@nestjs/common';
import { EventStore, FollowedStates, Present, StateCache } from '@hark/eventstore';
import {
  App,
  appFold,
  Binding,
  bindingFold,
  Openid,
  openidFold,
  Rings,
  ringsFold,
  Standing,
  standingFold,
  User,
  userFold,
} from '@hark/gate';

/** Other services' facts on consent and standing, as the log has them at the moment of the decision. */
@Injectable()
export class ConsentStore {
  readonly bindings: FollowedStates<Binding>;
  readonly openids: FollowedStates<Openid>;
  readonly apps: FollowedStates<App>;
  readonly users: FollowedStates<User>;
  readonly standings: FollowedStates<Standing>;
  /** Of days, for previews. */
  readonly rings: StateCache<Rings>;

  constructor(private readonly store: EventStore) {
    this.bindings = store.follow('binding', bindingFold);
    this.openids = store.follow('openid', openidFold);
    this.apps = store.follow('app', appFold);
    this.users = store.follow('user', userFold);
    this.standings = store.follow('standing', standingFold);
    this.rings = store.streams('ring', ringsFold, { entriesMax: 1_000 });
  }

  /** The moment of a decision that begins now: ask for all its states with it. */
  present(): Present {
    return this.store.present();
  }
}
