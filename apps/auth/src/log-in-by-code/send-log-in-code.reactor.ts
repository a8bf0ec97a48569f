import { Injectable } from '@nestjs/common';
import { Channels } from '@hark/channels';
import { aadOf, LogInEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock, HarkError, Logger } from '@hark/kernel';
import { HubRefusals } from '@hark/service';
import { Vault } from '@hark/vault';
import { logInCodeLifeMs } from '../domain/log-in.decider';
import { LogInStore } from '../log-in.store';

type Challenged = Extract<LogInEvent, { type: 'log_in.challenged' }>;

/** What a later try may mend. */
const mendable: ReadonlySet<string> = new Set(['TRANSIENT', 'THROTTLED']);

/**
 * Mails a log-in code. A redelivered event may send it again, under the same Message-ID. Whether it was taken is told to
 * nobody: that would say which addresses there are.
 */
@Injectable()
export class SendLogInCodeReactor implements Reactor<Challenged> {
  readonly group = 'auth.send-log-in-code';
  readonly reactsTo = ['log_in.challenged'];
  readonly concurrency = 32;

  constructor(
    private readonly logIns: LogInStore,
    private readonly channels: Channels,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly refusals: HubRefusals,
    private readonly log: Logger,
  ) {}

  async react({ id: challengeId, eventId }: RecordedEvent<Challenged>): Promise<void> {
    const { state: logIn } = await this.logIns.load(challengeId);
    if (logIn.is !== 'open' || this.clock.now() >= logIn.expiresAt) return;
    const [address, code] = await this.vault.openMany([
      { sealed: logIn.address, aad: aadOf.logIn(challengeId, 'address') },
      { sealed: logIn.code, aad: aadOf.logIn(challengeId, 'code') },
    ]);
    if (address === undefined || code === undefined) return;
    const { locale } = logIn;
    const minutes = logInCodeLifeMs / 60_000;
    const result = await this.channels.logInMail.send({ challengeId, address, code, minutes, locale });
    this.refusals.note('email', result);
    if (result.is === 'sent') return;
    this.log.info({ eventId, detail: result.detail }, 'a log-in code was not taken');
    if (result.is === 'failed' && mendable.has(result.class)) {
      throw new HarkError('unavailable', 'mail.not-taken', 'the mail server does not take the code yet');
    }
  }
}
