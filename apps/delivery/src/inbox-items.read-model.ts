import { aadOf, InboxItemView, PushContent } from '@hark/contracts';
import { Vault } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';
import { InboxRow } from './list-inbox/inbox-rows.projection';

/** A row of the inbox with its app's name. */
export type InboxItemRow = InboxRow & { app_name: string | null };

/** Turns rows into what the person is shown. */
@Injectable()
export class InboxItems {
  constructor(private readonly vault: Vault) {}

  /** The message with its text opened; empty once the person is erased. */
  async open(row: InboxItemRow): Promise<InboxItemView> {
    const text = await this.vault.open(row.content, aadOf.content(row.item_id));
    const content = text === undefined ? { body: '' } : (JSON.parse(text) as PushContent);
    return {
      id: row.item_id,
      pushId: row.item_id,
      app: { id: row.app_id, name: row.app_name ?? '' },
      bindingId: row.binding_id,
      ...content,
      receivedAt: row.filed_at,
      why: { ...(row.level !== null && { level: row.level }), reason: row.reason ?? 'delivered' },
    };
  }
}
