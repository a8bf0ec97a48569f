import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, AppBindingView, authSubjects, listAppBindingsRequest, Page, Reply } from '@hark/contracts';
import { isUnproven } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppSecrets } from '../app-secrets.service';

interface Listed {
  readonly binding_id: string;
  readonly openid: string;
  readonly status: AppBindingView['status'];
  readonly confirmed: boolean;
  readonly bound_at: Date;
}

const bindingsOfApp = { select: 'select * from auth.bindings where app_id = $1', id: 'binding_id' };

/** Who has bound the app, for the app itself: people it has confirmed, and people who only claim an openid. */
@Controller()
@Requires('app')
export class ListAppBindingsHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly pages: Pages,
    private readonly vault: Vault,
  ) {}

  @MessagePattern(authSubjects.listAppBindings)
  async handle(
    @Input(listAppBindingsRequest, { appId: 'app.unknown' })
    { appId, credential, ...asked }: z.infer<typeof listAppBindingsRequest>,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<AppBindingView>>> {
    const { app } = await this.secrets.proveFor(appId, credential);
    if (isUnproven(app)) {
      throw new HarkError('refused', 'app.wechat-app-id-unproven', 'nobody proved that the app is this mini program');
    }
    const { items: rows, nextCursor } = await this.pages.read<Listed>(bindingsOfApp, [appId], { ...asked, position });
    const sealed = rows.map((row) => ({ sealed: row.openid, aad: aadOf.openid(row.binding_id) }));
    const openids = await this.vault.openMany(sealed);
    const items = rows.flatMap((row, index): AppBindingView[] => {
      const openid = openids[index];
      // Says nothing about an erased person.
      if (openid === undefined) return [];
      const { binding_id: bindingId, status, confirmed, bound_at } = row;
      return [{ openid, bindingId, status, confirmed, boundAt: bound_at.toISOString() }];
    });
    return { body: { items, nextCursor } };
  }
}
