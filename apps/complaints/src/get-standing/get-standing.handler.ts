import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, getStandingRequest, Reply, StandingView } from '@hark/contracts';
import { hashCredential, parseCredential } from '@hark/credentials';
import { App, isSecretOf, standingOwnerOf } from '@hark/gate';
import { Clock, HarkError, IsoTime } from '@hark/kernel';
import { Caller, HarkContext } from '@hark/nats';
import { CredentialUses, Input, Requires } from '@hark/service';
import { AppsStore } from '../apps.store';
import { StandingViews } from '../standing-views.service';

/** Points, status and history of an app's owner: for the owner, for the app with its own secret, and for operators. */
@Controller()
@Requires('owner-or-app')
export class GetStandingHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly views: StandingViews,
    private readonly uses: CredentialUses,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.getStanding)
  async handle(
    @Input(getStandingRequest, { appId: 'app.unknown' }) { appId, credential }: z.infer<typeof getStandingRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<StandingView>> {
    const app = await this.apps.registered(appId);
    if (!mayAsk(request.caller, appId, app, credential, this.clock.now())) {
      throw new HarkError('not-found', 'app.unknown', 'the caller has no such app');
    }
    if (request.caller.kind !== 'user' && credential !== undefined) this.uses.note(hashCredential(credential));
    return { body: await this.views.of(standingOwnerOf(appId, app)) };
  }
}

function mayAsk(
  caller: Caller,
  appId: string,
  app: Exclude<App, { is: 'absent' }>,
  credential: string | undefined,
  now: IsoTime,
): boolean {
  if (caller.kind === 'user' && caller.roles.includes('operator')) return true;
  if (app.is === 'deleted') return false;
  if (caller.kind === 'user') return caller.userId === app.ownerId;
  const token = credential === undefined ? undefined : parseCredential(credential);
  return token?.kind === 'app' && token.id === appId && isSecretOf(app, token.hash, now);
}
