import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, ChangeAppReply, changeAppRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { CallbackAddresses } from '../callback-addresses.service';
import { callbackSecretIdOf, callbackSecretOf } from '../domain/auth-ids';
import { appOf, appView } from '../domain/views';
import { TextJudge } from '../text-judge.service';

/** Changes any of an app's settings, all or none; new texts are checked and judged as at registration. */
@Controller()
@Requires('user')
export class ChangeAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly addresses: CallbackAddresses,
    private readonly judge: TextJudge,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeApp)
  async handle(
    @Input(changeAppRequest, { appId: 'app.unknown' })
    { appId, ...asked }: z.infer<typeof changeAppRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ChangeAppReply>> {
    if (asked.callbackUrl) this.addresses.assertAllowed(asked.callbackUrl);
    const app = appOf(ownerId, (await this.apps.load(appId)).state);
    const renamed = asked.name !== undefined && asked.name !== app.name;
    const name = renamed ? await this.names.checked(asked.name!, 'name', appId) : undefined;
    const { description, homepage } = asked;
    await this.judge.passed(
      {
        ...(name !== undefined && { name }),
        ...(description && description !== app.description && { description }),
        ...(homepage && homepage !== app.homepage && { homepage }),
      },
      request,
    );
    const callbackSecretId = callbackSecretIdOf(context.commandId);
    const { redirectUris } = asked;
    const change = {
      ...asked,
      ...(name !== undefined && { name }),
      ...(redirectUris && { redirectUris: [...new Set(redirectUris)] }),
    };
    const executed = await this.apps.execute(
      appId,
      { type: 'Change', ownerId, change, callbackSecretId, at: this.clock.now() },
      context,
    );
    const changed = appOf(ownerId, executed.state);
    const callbackSecret = changed.callbackSecretId === callbackSecretId && {
      callbackSecret: callbackSecretOf(appId, callbackSecretId, this.keys.secrets),
    };
    return replyTo(executed, { ...appView(appId, changed, ownerId), ...callbackSecret });
  }
}
