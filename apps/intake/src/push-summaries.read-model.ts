import { Injectable } from '@nestjs/common';
import { aadOf, Locale, PushStatus, PushSummary } from '@hark/contracts';
import { Vault } from '@hark/vault';
import { wordsFor } from './domain/push-words';

/** The name of the projection that writes the rows of pushes. */
export const pushesProjection = 'intake.pushes.v2';

/** A push as lists show it, with its recipient. */
export interface PushSummaryRow {
  readonly push_id: string;
  readonly binding_id: string;
  readonly status: PushStatus;
  readonly reason: string | null;
  readonly pushed_at: string;
  readonly send_at: string | null;
  /** Sealed. */
  readonly openid: string | null;
}

/** Selects `PushSummaryRow`s with `place` and `changed_position`; append the conditions. */
export const selectPushSummaries = `select push_id, binding_id, status, reason, pushed_at, send_at, place, changed_position, openid
  from intake.pushes left join intake.openids using (binding_id)`;

/** Turns rows into what the sender sees. */
@Injectable()
export class PushSummaries {
  constructor(private readonly vault: Vault) {}

  /** In the order given, with the reason in words of this language; without recipient once the person is erased. */
  async open(rows: readonly PushSummaryRow[], locale: Locale): Promise<PushSummary[]> {
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
        ...wordsFor(status, reason, locale),
        pushedAt,
        ...(send_at !== null && { sendAt: send_at }),
        recipients: openid === undefined ? [] : [{ openid, ...outcome }],
      };
    });
  }
}
