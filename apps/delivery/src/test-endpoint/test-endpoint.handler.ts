import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry, Notification, SendResult } from '@hark/channels';
import { aadOf, deliverySubjects, endpointIdRequest, EndpointTestReply, Locale, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Endpoint } from '@hark/gate';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { withTimeout } from '@hark/resilience';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { Credits } from '../credits.service';
import { EndpointTestStore } from '../endpoint-test.store';
import { afterEvenTime, testOutcome } from './test-outcome';
import { TestSlots } from './test-slots';
import { testWords } from './test-words';

/** A test through a server that its person chose is answered after exactly this time. Channels give it three seconds. */
const evenMs = 3_500;
/** Through a server of the hub's it is answered when it is known, and after this time at the latest. */
const waitMs = 4_000;

const late: SendResult = { is: 'unknown', detail: 'deadline' };

/** Sends a test message through one verified endpoint of the caller. Needs no consent: nobody but its person asks. */
@Controller()
@Requires('user')
export class TestEndpointHandler {
  constructor(
    private readonly consent: ConsentStore,
    private readonly tests: EndpointTestStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly slots: TestSlots,
    private readonly credits: Credits,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.testEndpoint)
  async handle(
    @Input(endpointIdRequest, { endpointId: 'endpoint.unknown' }) { endpointId }: z.infer<typeof endpointIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<EndpointTestReply>> {
    const user = await this.consent.user(personId);
    const endpoint = user.endpoints.find((one) => one.endpointId === endpointId);
    if (!endpoint) throw new HarkError('not-found', 'endpoint.unknown', 'the person has no such endpoint');
    if (!endpoint.verified) throw new HarkError('conflict', 'endpoint.unverified', 'it is not verified');
    const testId = uuid5(endpointId, context.commandId);
    await this.tests.execute(personId, { type: 'Test', testId, endpointId, at: this.clock.now() }, context);
    const outcome = testOutcome(await this.send(endpoint, personId, testId, locale));
    return { body: { outcome, detail: testWords[locale].outcomes[outcome] } };
  }

  private async send(
    { kind, endpointId, address }: Endpoint,
    personId: string,
    testId: string,
    locale: Locale,
  ): Promise<SendResult> {
    const channel = this.channels.get(kind);
    const opened = await this.vault.open(address, aadOf.address(endpointId));
    if (!channel || opened === undefined) return { is: 'failed', class: 'CONFIG', detail: 'endpoint' };
    const fields: unknown = JSON.parse(opened);
    const server = channel.serverOf(fields);
    const giveBack = this.slots.takeFor(personId, kind, server);
    if (!giveBack) throw new HarkError('unavailable', 'service.overloaded', 'too many tests at once');
    const note = this.note(personId, testId, locale);
    const sending = this.credits.spend(channel, endpointId, () => channel.send(fields, note)).finally(giveBack);
    return server === undefined ? withTimeout(waitMs, sending, () => late) : afterEvenTime(evenMs, sending);
  }

  private note(personId: string, testId: string, locale: Locale): Notification {
    const { title, body } = testWords[locale];
    const ids = { deliveryId: testId, dedupeId: testId, personId };
    const hub = { appName: 'Hark', appVerified: true, ofTheHub: true } as const;
    return { ...ids, ...hub, title, body, priority: 'normal', level: 'strong', locale, receivedAt: this.clock.now() };
  }
}
