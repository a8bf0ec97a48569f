import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, DeviceLogInView, Reply, userCodeRequest } from '@hark/contracts';
import { Clock, optional } from '@hark/kernel';
import { Input, LimitGuesses, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { DeviceLogInStore } from '../device-log-in.store';
import { deviceOf } from '../domain/client-facts';
import { unknownDevice } from '../domain/device-log-in.decider';

const keptFacts = z.object({ userAgent: z.string().optional(), network: z.string().optional() });

/** Which browser waits, and from where: what the person has to see before they decide. */
@Controller()
@Requires('user')
@LimitGuesses({ kind: 'user-code', wrong: ['device-log-in.unknown'] })
export class GetDeviceLogInHandler {
  constructor(
    private readonly logIns: DeviceLogInStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.getDeviceLogIn)
  async handle(
    @Input(userCodeRequest) { userCode: typed }: z.infer<typeof userCodeRequest>,
  ): Promise<Reply<DeviceLogInView>> {
    const { id, userCode } = this.logIns.idOf(typed);
    const { state: logIn } = await this.logIns.load(id);
    if (logIn.is !== 'open' || this.clock.now() >= logIn.expiresAt) throw unknownDevice();
    const known = logIn.client === undefined ? undefined : await this.vault.open(logIn.client, aadOf.deviceLogIn(id));
    const { userAgent, network } = keptFacts.parse(JSON.parse(known ?? '{}'));
    return {
      body: {
        userCode,
        ...optional('device', deviceOf(userAgent)),
        ...optional('place', network),
        expiresAt: logIn.expiresAt,
      },
    };
  }
}
