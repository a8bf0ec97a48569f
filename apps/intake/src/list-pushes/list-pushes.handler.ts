import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  intakeSubjects,
  listPushesRequest,
  Locale,
  Page,
  PushStatus,
  PushSummary,
  Reply,
} from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Keys, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { wordsFor } from '../domain/push-words';
import { threadHashOf } from '../domain/thread-hash';
import { Senders } from '../senders.service';

interface Listed {
  readonly push_id: string;
  readonly binding_id: string;
  readonly status: PushStatus;
  readonly reason: string | null;
  readonly pushed_at: string;
  readonly send_at: string | null;
  /** Sealed. */
  readonly openid: string | null;
}

const select = `select push_id, binding_id, status, reason, pushed_at, send_at, place, openid
  from intake.pushes left join intake.openids using (binding_id)`;

/** What an app pushed, newest first; with a binding key only pushes of that binding. */
@Controller()
@Requires('credential')
export class ListPushesHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly pages: Pages,
    private readonly vault: Vault,
    private readonly keys: Keys,
  ) {}

  @MessagePattern(intakeSubjects.listPushes)
  async handle(
    @Input(listPushesRequest)
    { credential, thread, status, since, ...asked }: z.infer<typeof listPushesRequest>,
    @Ctx() { request: { position, locale } }: HarkContext,
  ): Promise<Reply<Page<PushSummary>>> {
    const { appId, binding } = await this.senders.prove(credential, undefined, this.consent.present());
    const filters: readonly (readonly [condition: string, value: string | undefined])[] = [
      ['app_id =', appId],
      ['binding_id =', binding?.id],
      ['thread_hash =', thread === undefined ? undefined : threadHashOf(appId, thread, this.keys.contentHash)],
      ['status =', status],
      ['pushed_at >=', since],
    ];
    const used = filters.filter(([, value]) => value !== undefined);
    const where = used.map(([condition], index) => `${condition} $${index + 1}`).join(' and ');
    const list = { select: `${select} where ${where}`, id: 'push_id' };
    const values = used.map(([, value]) => value);
    const { items, nextCursor } = await this.pages.read<Listed>(list, values, { ...asked, position });
    return { body: { items: await this.viewsOf(items, locale), nextCursor } };
  }

  private async viewsOf(rows: readonly Listed[], locale: Locale): Promise<PushSummary[]> {
    const named = rows.filter(({ openid }) => openid !== null);
    const sealed = named.map(({ openid, binding_id }) => ({ sealed: openid!, aad: aadOf.openid(binding_id) }));
    const opened = await this.vault.openMany(sealed);
    const openids = new Map(named.map(({ binding_id }, index) => [binding_id, opened[index]]));
    return rows.map(({ push_id: id, binding_id, status, reason, pushed_at: pushedAt, send_at }) => {
      const outcome = { status, ...(reason !== null && { reason }) };
      const openid = openids.get(binding_id);
      return {
        id,
        ...outcome,
        ...wordsFor(reason, locale),
        pushedAt,
        ...(send_at !== null && { sendAt: send_at }),
        recipients: openid === undefined ? [] : [{ openid, ...outcome }],
      };
    });
  }
}
