import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, getTermsRequest, Reply, TermsView } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { BindTargets } from '../bind-targets.store';
import { ConsentTerms, termsView } from '../consent-terms.service';
import { termsIn } from '../domain/consent-terms';

/** What a person agrees to with `POST /v1/bindings`: of a registered app, or of a mini program that asks. */
@Controller()
@Requires('user')
export class GetTermsHandler {
  constructor(
    private readonly targets: BindTargets,
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly terms: ConsentTerms,
  ) {}

  @MessagePattern(authSubjects.getTerms)
  async handle(
    @Input(getTermsRequest) { appId, wechatAppId, appName }: z.infer<typeof getTermsRequest>,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<TermsView>> {
    const target = await this.targets.appOf(appId === undefined ? { wechatAppId: wechatAppId! } : { appId });
    const { state: app } = await this.apps.load(target.appId);
    const name = appId === undefined ? await this.names.checked(appName!, 'appName') : undefined;
    return {
      body: termsView(termsIn(locale, this.terms.factsOf(app, { ...(name !== undefined && { appName: name }) }))),
    };
  }
}
