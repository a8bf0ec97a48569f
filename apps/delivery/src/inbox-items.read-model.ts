import { aadOf, InboxItemView, PushContent } from '@hark/contracts';
import { Vault } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';
import { FiledRow, hubItself } from './list-inbox/inbox-rows.projection';

/** A row of the inbox with its app's name. */
export type InboxItemRow = FiledRow & { app_name: string | null };

/** Turns rows into what the person is shown. */
@Injectable()
export class InboxItems {
  constructor(private readonly vault: Vault) {}

  /** The messages with their texts opened, in the order given; without text once the person is erased. */
  async open(rows: readonly InboxItemRow[]): Promise<InboxItemView[]> {
    const sealed = rows.map(({ item_id, content }) => ({ sealed: content, aad: aadOf.content(item_id) }));
    const texts = await this.vault.openMany(sealed);
    return rows.map((row, index) => viewOf(row, texts[index]));
  }
}

const viewOf = (row: InboxItemRow, text: string | undefined): InboxItemView => ({
  id: row.item_id,
  ...(row.app_id === hubItself
    ? { app: { id: hubItself, name: 'Hark' } }
    : { pushId: row.item_id, app: { id: row.app_id, name: row.app_name ?? '' }, bindingId: row.binding_id }),
  ...(text === undefined ? { body: '' } : (JSON.parse(text) as PushContent)),
  pushedAt: row.pushed_at,
  receivedAt: row.filed_at,
  ...(row.read_at !== null && { readAt: row.read_at }),
  why: { ...(row.level !== null && { level: row.level }), reason: row.reason ?? 'delivered' },
});
