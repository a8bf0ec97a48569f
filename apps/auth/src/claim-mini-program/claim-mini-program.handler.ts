import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, claimMiniProgramRequest, RegisterAppReply, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { WechatClient, WechatError } from '@hark/wechat';
import { AppStore } from '../app.store';
import { BindTargets } from '../bind-targets.store';
import { appOf, appView } from '../domain/views';
import { Standings } from '../standings.store';

/**
 * Gives a mini program's app to whoever proves to WeChat that the mini program is theirs. What a person's client says of
 * where it was opened from is no proof: anybody can say it.
 */
@Controller()
@Requires('user')
export class ClaimMiniProgramHandler {
  constructor(
    private readonly wechat: WechatClient,
    private readonly targets: BindTargets,
    private readonly apps: AppStore,
    private readonly standings: Standings,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.claimMiniProgram)
  async handle(
    @Input(claimMiniProgramRequest) { wechatAppId, appSecret }: z.infer<typeof claimMiniProgramRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RegisterAppReply>> {
    await this.assertProven(wechatAppId, appSecret);
    const { appId, undiscovered } = await this.targets.appOf({ wechatAppId });
    const at = this.clock.now();
    if (undiscovered !== undefined) {
      await this.apps.execute(appId, { type: 'Discover', wechatAppId, at }, stepContext(context, 'discover-app'));
    }
    const secret = issueCredential('app', appId, context.commandId, this.keys.secrets);
    const secretHash = hashCredential(secret);
    const isUnburdened = await this.standings.isUnburdened(appId);
    const claim = { type: 'ClaimMiniProgram', personId, secretHash, isUnburdened, at } as const;
    const executed = await this.apps.execute(appId, claim, context);
    const app = appOf(personId, executed.state);
    if (app.secretHash !== secretHash) {
      // Claimed before: another secret is got by rotating it.
      throw new HarkError('conflict', 'app.wechat-app-id-taken', 'the caller has claimed the mini program before');
    }
    return replyTo(executed, { app: appView(appId, app, personId), secret });
  }

  private async assertProven(appId: string, appSecret: string): Promise<void> {
    const proven = await this.wechat.isSecretOf({ appId, appSecret }).catch((error: unknown) => {
      if (!(error instanceof WechatError)) throw error;
      throw new HarkError('unavailable', 'app.mini-program-unreachable', error.message, {}, { cause: error });
    });
    if (!proven) throw new HarkError('refused', 'app.mini-program-secret-wrong', 'WeChat does not take the secret');
  }
}
