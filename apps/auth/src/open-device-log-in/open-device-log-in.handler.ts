import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, openDeviceLogInRequest, OpenedDeviceLogIn, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { ClientFacts, HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { DeviceLogInStore } from '../device-log-in.store';
import { networkOf } from '../domain/client-facts';
import { deviceLogInLifeMs, pollEveryMs } from '../domain/device-log-in.decider';
import { qrSvg } from '../domain/qr-svg';
import { userCodeOf } from '../domain/user-code';

/** How many user codes are tried before one is found that nobody ever had. */
const turnsMax = 5;

/** A browser asks to be logged in by somebody who is logged in elsewhere (RFC 8628 section 3.1). */
@Controller()
@Requires('anyone')
export class OpenDeviceLogInHandler {
  constructor(
    private readonly logIns: DeviceLogInStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.openDeviceLogIn)
  async handle(
    @Input(openDeviceLogInRequest) { publicUrl }: z.infer<typeof openDeviceLogInRequest>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { client } }: HarkContext,
  ): Promise<Reply<OpenedDeviceLogIn>> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const { id, userCode } = this.logIns.idOf(userCodeOf(context.commandId, turn, this.keys.secrets));
      const deviceCode = issueCredential('device', id, context.commandId, this.keys.secrets);
      const deviceHash = hashCredential(deviceCode);
      const { state: before } = await this.logIns.load(id);
      if (before.is !== 'absent' && before.deviceHash !== deviceHash) continue;
      const sealed = client && before.is === 'absent' ? await this.sealed(id, client) : undefined;
      const open = {
        type: 'Open',
        deviceHash,
        ...(sealed !== undefined && { client: sealed }),
        at: this.clock.now(),
      } as const;
      const executed = await this.logIns.execute(id, open, { ...context, creates: true });
      if (executed.state.is === 'absent' || executed.state.deviceHash !== deviceHash) continue;
      const verificationUri = `${publicUrl.replace(/\/+$/, '')}/device`;
      const verificationUriComplete = `${verificationUri}?code=${userCode}`;
      return replyTo(executed, {
        deviceCode,
        userCode,
        verificationUri,
        verificationUriComplete,
        qr: qrSvg(verificationUriComplete),
        expiresIn: deviceLogInLifeMs / 1_000,
        interval: pollEveryMs / 1_000,
      });
    }
    throw new HarkError('unavailable', 'service.unavailable', 'no user code was free', { extra: { retryAfter: 1 } });
  }

  private sealed(id: string, { address, userAgent }: ClientFacts): Promise<string> {
    return this.vault.seal(id, JSON.stringify({ userAgent, network: networkOf(address) }), aadOf.deviceLogIn(id));
  }
}
