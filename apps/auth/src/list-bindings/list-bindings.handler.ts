import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, BindingView, Page, pageRequest, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { bindingView } from '../domain/views';
import { bindingOfRow, BindingRow } from './binding-rows.projection';

type Listed = Omit<BindingRow, 'bound_at'> & {
  bound_at: Date;
  public_name: string;
  app_verified: boolean;
  app_owned: boolean;
  app_deleted: boolean;
  app_created_at: Date;
};

// Apps and bindings are projected in the order of the log, so a visible binding has a visible app.
const ownBindings = {
  select: `select b.*, a.name as public_name, a.verified as app_verified, a.created_at as app_created_at,
             a.owner_id is not null as app_owned, a.deleted as app_deleted
           from auth.bindings b join auth.apps a using (app_id) where b.person_id = $1`,
  id: 'binding_id',
};

/** The caller's bindings, ended ones too. */
@Controller()
@Requires('user')
export class ListBindingsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.listBindings)
  async handle(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<BindingView>>> {
    const { items: rows, nextCursor } = await this.pages.read<Listed>(ownBindings, [personId], { ...asked, position });
    const sealed = rows.map((row) => ({ sealed: row.openid, aad: aadOf.openid(row.binding_id) }));
    const openids = await this.vault.openMany(sealed);
    // Of the same person, whose key is at hand by now: no query more.
    const appNames = await Promise.all(
      rows.map(async ({ binding_id: id, app_name: name }) =>
        name === null ? undefined : this.vault.openOrClear(name, aadOf.appName(id)),
      ),
    );
    const now = this.clock.now();
    const items = rows.map((row, index): BindingView => {
      const app = {
        id: row.app_id,
        name: row.public_name,
        verified: row.app_verified,
        createdAt: row.app_created_at.toISOString(),
        owned: row.app_owned,
        deleted: row.app_deleted,
      };
      const binding = bindingOfRow({ ...row, bound_at: row.bound_at.toISOString() });
      return bindingView(row.binding_id, binding, app, { openid: openids[index] ?? '', appName: appNames[index] }, now);
    });
    return { body: { items, nextCursor } };
  }
}
