import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, getStandingRequest, Reply, StandingView } from '@hark/contracts';
import { credentialMatches, parseCredential } from '@hark/credentials';
import { App, standingOwnerOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { RequestContext, requestContextOf } from '@hark/nats';
import { parseWithId } from '@hark/service';
import { AppsStore } from '../apps.store';
import { StandingViews } from '../standing-views.service';

/** Points, status and history of an app's owner: for the owner, for the app with its own secret, and for operators. */
@Controller()
export class GetStandingHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly views: StandingViews,
  ) {}

  @MessagePattern(complaintsSubjects.getStanding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<StandingView>> {
    const { appId, credential } = parseWithId(getStandingRequest, body, 'appId', 'app.unknown');
    const app = await this.apps.registered(appId);
    if (!mayAsk(requestContextOf(context), appId, app, credential)) {
      throw new HarkError('not-found', 'app.unknown', 'the caller has no such app');
    }
    return { body: await this.views.of(standingOwnerOf(appId, app)) };
  }
}

function mayAsk(
  { caller }: RequestContext,
  appId: string,
  app: Extract<App, { is: 'registered' }>,
  credential: string | undefined,
): boolean {
  if (caller.kind === 'user') return caller.userId === app.ownerId || caller.roles.includes('operator');
  const token = credential === undefined ? undefined : parseCredential(credential);
  return token?.kind === 'app' && token.id === appId && credentialMatches(token.hash, app.secretHash);
}
