import { Injectable } from '@nestjs/common';
import { aadOf, contentFor, InboxItemView, Locale, PushContent } from '@hark/contracts';
import { languageOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { ConsentStore } from './consent.store';
import { FiledRow, hubItself } from './inbox-row.read-model';

/** A row of the inbox with the name that its app has for this person: sealed where their client gave it. */
export type InboxItemRow = FiledRow & { app_name: string | null; app_verified: boolean | null };

/**
 * Selects `InboxItemRow`s; append the conditions. For an app without an owner the name is what this person's client
 * gave it.
 */
export const selectInboxItems = `select inbox.*, app_names.verified as app_verified,
    case when app_names.owned then app_names.name else coalesce(binding_names.name, app_names.name) end as app_name
  from delivery.inbox left join delivery.app_names using (app_id) left join delivery.binding_names using (binding_id)`;

/** Turns rows into the form that the person sees. */
@Injectable()
export class InboxItems {
  constructor(
    private readonly vault: Vault,
    private readonly consent: ConsentStore,
  ) {}

  /**
   * The person's messages with their texts decrypted and in the person's language, in the order given; without text once
   * the person is erased.
   */
  async open(personId: string, rows: readonly InboxItemRow[]): Promise<InboxItemView[]> {
    const sealed = rows.map(({ item_id, content }) => ({ sealed: content, aad: aadOf.content(item_id) }));
    const [texts, user] = await Promise.all([this.vault.openMany(sealed), this.consent.user(personId)]);
    const nameOf = await this.appNames(rows);
    return rows.map((row, index) => viewOf({ ...row, app_name: nameOf(row) }, texts[index], languageOf(user)));
  }

  /**
   * The name of each row's app, decrypted. Call it when the texts of these rows are open: then the person's key is at
   * hand, and it makes no query.
   */
  async appNames(rows: readonly InboxItemRow[]): Promise<(row: InboxItemRow) => string | null> {
    const bindings = new Map(rows.map(({ binding_id, app_name }) => [binding_id, app_name]));
    const names = new Map<string, string | undefined>();
    for (const [id, name] of bindings) {
      if (name !== null) names.set(id, await this.vault.openOrClear(name, aadOf.appName(id)));
    }
    return ({ binding_id }) => names.get(binding_id) ?? null;
  }
}

const viewOf = (row: InboxItemRow, text: string | undefined, language: Locale): InboxItemView => ({
  id: row.item_id,
  ...(row.app_id === hubItself
    ? { app: { id: hubItself, name: 'Hark', verified: true } }
    : {
        pushId: row.item_id,
        app: { id: row.app_id, name: row.app_name ?? '', verified: row.app_verified ?? false },
        bindingId: row.binding_id,
      }),
  ...(text === undefined ? { body: '' } : contentFor(language, JSON.parse(text) as PushContent)),
  pushedAt: row.pushed_at,
  receivedAt: row.filed_at,
  ...(row.edited_at !== null && { editedAt: row.edited_at }),
  ...(row.read_at !== null && { readAt: row.read_at }),
  ...(row.acknowledged_at !== null && { acknowledgedAt: row.acknowledged_at }),
  ...(row.archived_at !== null && { archivedAt: row.archived_at }),
  ...(row.kept_at !== null && { keptAt: row.kept_at }),
  ...(row.actions_taken !== null && { actionsTaken: row.actions_taken }),
  why: { ...(row.level !== null && { level: row.level }), reason: row.reason ?? 'delivered' },
});
