import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, AppView, authSubjects, Reply } from '@hark/contracts';
import { AppFacts } from '@hark/gate';
import { Clock, IsoTime } from '@hark/kernel';
import { CredentialUses, Input, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf, appView } from '../domain/views';

/** One app, for its owner; nobody else learns that it is there. */
@Controller()
@Requires('user')
export class GetAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly uses: CredentialUses,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.getApp)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
  ): Promise<Reply<AppView>> {
    const app = appOf(personId, (await this.apps.load(appId)).state);
    const secrets = secretsOf(app, this.clock.now());
    const lastDays = await this.uses.lastDays(secrets.map(({ hash }) => hash));
    const shown = secrets.map(({ hash, until }) => {
      const lastUsedOn = lastDays.get(hash);
      return { ...(until !== undefined && { until }), ...(lastUsedOn !== undefined && { lastUsedOn }) };
    });
    return { body: { ...appView(appId, app, personId), secrets: shown } };
  }
}

/** The secrets that work at `now`, the present one first. */
function secretsOf({ secretHash, oldSecrets = [] }: AppFacts, now: IsoTime): { hash: string; until?: IsoTime }[] {
  return [...(secretHash ? [{ hash: secretHash }] : []), ...oldSecrets.filter(({ until }) => now < until)];
}
