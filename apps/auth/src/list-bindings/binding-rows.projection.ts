import { AppDigest, BindingEvent, Level } from '@hark/contracts';
import { absentBinding, Binding, EndReason, evolveBinding } from '@hark/gate';
import { FoldProjection } from '@hark/readmodel';

/** One binding, as `auth.bindings` has it: the fold of its stream without the key. */
export interface BindingRow {
  binding_id: string;
  app_id: string;
  person_id: string;
  /** Sealed. */
  openid: string;
  consent_id: string;
  status: 'active' | 'unbound' | 'blocked';
  level: Level;
  muted: { until: string | null } | null;
  channels: readonly string[] | null;
  daily_cap: number | null;
  digest: AppDigest | null;
  critical: boolean;
  read_receipts: boolean;
  /** The position of its latest consent in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  confirmed: boolean;
  /** Sealed; of old logs in clear. */
  app_name: string | null;
  end_reason: EndReason | null;
  bound_at: string;
}

/** `auth.bindings`: one row a binding, made by the same fold that the rules decide on. */
export const bindingRows: FoldProjection<BindingRow, BindingEvent> = {
  name: 'auth.bindings.v8',
  table: 'auth.bindings',
  key: ['binding_id'],
  categories: ['binding'],

  keyOf({ id }) {
    return { binding_id: id };
  },

  evolve(row, { event, id, position }) {
    const binding = evolveBinding(row ? bindingOfRow(row) : absentBinding, event);
    if (binding.is === 'absent') return row;
    if (binding.endReason === 'person-erased') return undefined;
    const {
      appId,
      personId,
      openid,
      consentId,
      is,
      level,
      muted,
      channels,
      dailyCap,
      digest = null,
      critical = false,
      readReceipts = false,
      confirmed,
      appName,
      endReason,
      boundAt,
    } = binding;
    return {
      binding_id: id,
      app_id: appId,
      person_id: personId,
      openid,
      consent_id: consentId,
      status: is,
      level,
      muted,
      channels,
      daily_cap: dailyCap,
      digest,
      critical,
      read_receipts: readReceipts,
      place: row && event.type !== 'binding.bound' ? row.place : String(position),
      confirmed,
      app_name: appName ?? null,
      end_reason: endReason ?? null,
      bound_at: boundAt,
    };
  },
};

/** Turns a row back into its binding. Rows hold nothing of the key. */
export const bindingOfRow = (row: BindingRow): Exclude<Binding, { is: 'absent' }> => ({
  is: row.status,
  appId: row.app_id,
  personId: row.person_id,
  openid: row.openid,
  consentId: row.consent_id,
  level: row.level,
  muted: row.muted,
  channels: row.channels,
  dailyCap: row.daily_cap,
  digest: row.digest,
  critical: row.critical,
  readReceipts: row.read_receipts,
  keyHash: '',
  keyPresented: false,
  confirmed: row.confirmed,
  ...(row.app_name !== null && { appName: row.app_name }),
  ...(row.end_reason !== null && { endReason: row.end_reason }),
  boundAt: row.bound_at,
});
