import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, logInByDeviceRequest, Reply, SessionReply } from '@hark/contracts';
import { parseCredential } from '@hark/credentials';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, LimitGuesses, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { DeviceLogInStore } from '../device-log-in.store';
import { deviceOver, pollEveryMs } from '../domain/device-log-in.decider';
import { SessionStarts } from '../session-starts.service';
import { Polls } from './polls';

/** The browser asks for its session, again and again until somebody has decided (RFC 8628 section 3.4). */
@Controller()
@Requires('anyone')
@LimitGuesses({ kind: 'device-code', wrong: ['session.challenge-over'], unguessable: true })
export class LogInByDeviceHandler {
  constructor(
    private readonly logIns: DeviceLogInStore,
    private readonly starts: SessionStarts,
    private readonly polls: Polls,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.logInByDevice)
  async handle(
    @Input(logInByDeviceRequest) { deviceCode }: z.infer<typeof logInByDeviceRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { client } }: HarkContext,
  ): Promise<Reply<SessionReply>> {
    const token = parseCredential(deviceCode);
    if (token?.kind !== 'device') throw deviceOver();
    const now = this.clock.now();
    const use = { type: 'Use', deviceHash: token.hash, at: now } as const;
    const { state: logIn } = await this.logIns.execute(token.id, use, stepContext(context, 'use'));
    if (logIn.is === 'open' && now < logIn.expiresAt) {
      this.polls.note(token.id, Date.parse(now));
      throw pending();
    }
    if (logIn.is === 'declined') throw declined();
    if (logIn.is !== 'used' || logIn.userId === null) throw deviceOver();
    const sessionId = this.vault.lookupId('device-log-in', token.id);
    const { userId } = logIn;
    const earlier = await this.starts.repeated(sessionId, context, client, deviceOver);
    return earlier ?? this.starts.start({ sessionId, userId, provider: 'device' }, context, client);
  }
}

const pending = () =>
  new HarkError('refused', 'session.authorization-pending', 'nobody has decided it yet', {
    extra: { retryAfter: pollEveryMs / 1_000 },
  });
const declined = () => new HarkError('refused', 'session.declined', 'the person said no');
