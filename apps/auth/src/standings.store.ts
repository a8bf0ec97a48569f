import { Injectable } from '@nestjs/common';
import { EventStore, StateCache } from '@hark/eventstore';
import { isUnburdened, Standing, standingFold, StandingStatus, standingStatus } from '@hark/gate';
import { Clock } from '@hark/kernel';

/** How those who answer for apps stand, from the streams that the complaints service writes. */
@Injectable()
export class Standings {
  private readonly standings: StateCache<Standing>;

  constructor(
    store: EventStore,
    private readonly clock: Clock,
  ) {
    this.standings = store.streams('standing', standingFold);
  }

  /** `ownerId` as `standingOwnerOf` names them. */
  async statusOf(ownerId: string): Promise<StandingStatus['is']> {
    return standingStatus((await this.standings.get(ownerId)).state, this.clock.now()).is;
  }

  /** Whether an app may leave that standing behind. */
  async isUnburdened(ownerId: string): Promise<boolean> {
    return isUnburdened((await this.standings.get(ownerId)).state, this.clock.now());
  }
}
