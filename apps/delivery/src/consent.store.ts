import { Injectable } from '@nestjs/common';
import { Locale } from '@hark/contracts';
import { EventStore, FollowedStates, Present } from '@hark/eventstore';
import {
  App,
  appFold,
  Binding,
  bindingFold,
  gate,
  GateDecision,
  GateInput,
  languageOf,
  Standing,
  standingFold,
  User,
  userFold,
} from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { PushedMessages } from './pushed-messages.store';
import { Rings } from './rings.service';

/** Which push it is, whose, and the consent it was accepted under. */
export interface ConsentRefs {
  readonly pushId: string;
  readonly appId: string;
  readonly bindingId: string;
  readonly consentId: string;
  readonly ownerId: string;
  readonly personId: string;
}

/** `isSilent`: it will not ring. `digest`: when the digest rings in which it was told to be. */
export interface LookOptions {
  readonly isSilent?: boolean;
  readonly digest?: IsoTime;
}

/** A look at consent this recent, in milliseconds, is good enough: a withdrawal must be in force within a second. */
export const lookFreshMs = 200;
/** A decision leaves half of that to its way to the provider, or its look would have to be repeated. */
const decisionFreshMs = lookFreshMs / 2;

/** The gate's answer, and the revisions of the streams it was made from. */
export interface ConsentSnapshot {
  readonly decision: GateDecision;
  readonly binding: Binding;
  readonly bindingRevision: number;
  readonly standingRevision: number;
  /** The app has an address at which its own server is called. */
  readonly hasCallback: boolean;
  /** The language of every text that the hub itself writes to the person. */
  readonly language: Locale;
}

/** Asks the gate with what the log says now; never with a read model. */
@Injectable()
export class ConsentStore {
  private readonly apps: FollowedStates<App>;
  private readonly bindings: FollowedStates<Binding>;
  private readonly standings: FollowedStates<Standing>;
  private readonly users: FollowedStates<User>;

  constructor(
    private readonly store: EventStore,
    private readonly messages: PushedMessages,
    private readonly rings: Rings,
  ) {
    this.apps = store.follow('app', appFold);
    this.bindings = store.follow('binding', bindingFold);
    this.standings = store.follow('standing', standingFold);
    this.users = store.follow('user', userFold);
  }

  /** The moment of a decision that begins now. */
  present(): Present {
    return this.store.present();
  }

  /** The same, or a moment that is recent enough to send by and later than the event at `position`. */
  presentAfter(position: bigint): Present {
    return this.store.presentAfter(position, decisionFreshMs);
  }

  /** The person as their stream is now. */
  async user(personId: string): Promise<User> {
    return (await this.users.get(personId)).state;
  }

  /** The app as the log's tail last told it, which is the moment of the latest decision or later. */
  async app(appId: string): Promise<App> {
    return (this.apps.known(appId) ?? (await this.apps.get(appId))).state;
  }

  /** The binding as its stream is now. */
  async binding(bindingId: string): Promise<Binding> {
    return (await this.bindings.get(bindingId)).state;
  }

  /** The name that the person's own client gave an app without an owner. Sealed; of old logs in clear. */
  async appNameIn(bindingId: string): Promise<string | undefined> {
    const { state } = await this.bindings.get(bindingId);
    return state.is === 'absent' ? undefined : state.appName;
  }

  /**
   * The gate's answer for a push whose text has passed moderation: at `present` or later, and at once unless told. One that
   * may ring is counted for the day.
   */
  async look(
    { pushId, appId, bindingId, consentId, ownerId, personId }: ConsentRefs,
    now: IsoTime,
    present = this.present(),
    { isSilent = false, digest }: LookOptions = {},
  ): Promise<ConsentSnapshot> {
    const [app, binding, standing, user, push] = await Promise.all([
      this.apps.get(appId, present),
      this.bindings.get(bindingId, present),
      this.standings.get(ownerId, present),
      this.users.get(personId, present),
      this.messages.times(pushId, present),
    ]);
    const input: GateInput = {
      app: app.state,
      binding: binding.state,
      consentId,
      standing: standing.state,
      user: user.state,
      push,
      priority: push.priority,
      verdict: 'passed',
      ...(digest !== undefined && { digest }),
      now,
    };
    const first = gate(input);
    const isOverCap =
      first.is === 'deliver' &&
      !isSilent &&
      !(await this.rings.count(bindingId, pushId, binding.state, user.state.timeZone, now));
    const decision = isOverCap ? gate({ ...input, isOverCap }) : first;
    return {
      decision,
      binding: binding.state,
      bindingRevision: binding.revision,
      standingRevision: standing.revision,
      hasCallback: app.state.is === 'registered' && app.state.callbackUrl !== undefined,
      language: languageOf(user.state),
    };
  }
}
