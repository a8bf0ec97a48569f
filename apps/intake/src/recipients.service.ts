import { Injectable } from '@nestjs/common';
import { PushedEvent } from '@hark/contracts';
import { Present } from '@hark/eventstore';
import { gate, standingOwnerOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { ConsentStore } from './consent.store';
import { refusalError } from './domain/refusal';
import { ownBinding, Sender } from './senders.service';

type Consent = Pick<
  PushedEvent['data'],
  'appId' | 'ownerId' | 'personId' | 'bindingId' | 'consentId' | 'bindingRevision'
>;

/** Who receives what a sender pushes, and the consent that it goes by. */
@Injectable()
export class Recipients {
  constructor(
    private readonly consent: ConsentStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The recipient and the consent that applies, or the gate's refusal. Read from the streams now. `consentId`: the consent
   * that a push was accepted under, when it is changed.
   */
  async consentTo({
    sender,
    bindingId,
    consentId: under,
    present,
  }: {
    readonly sender: Sender;
    readonly bindingId: string;
    readonly consentId?: string;
    readonly present: Present;
  }): Promise<Consent> {
    const { state, revision } = sender.binding ?? (await this.consent.bindings.get(bindingId, present));
    const binding = ownBinding(sender, state);
    const ownerId = standingOwnerOf(sender.appId, sender.app);
    const { personId, consentId } = binding;
    const [standing, user] = await Promise.all([
      this.consent.standings.get(ownerId, present),
      this.consent.users.get(personId, present),
    ]);
    const now = this.clock.now();
    const decision = gate({
      app: sender.app,
      binding,
      ...(under !== undefined && { consentId: under }),
      standing: standing.state,
      user: user.state,
      verdict: 'missing',
      now,
    });
    if (decision.is === 'refuse') throw refusalError(decision);
    return { appId: sender.appId, ownerId, personId, bindingId, consentId, bindingRevision: revision };
  }
}
