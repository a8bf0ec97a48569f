import { AppDigest, BindingEvent, Level } from '@hark/contracts';
import { Fold, IsoTime } from '@hark/kernel';

/** A person's consent to one app (授权), as its stream tells it. */
export type Binding =
  | { readonly is: 'absent' }
  | ({ readonly is: 'active' | 'unbound' | 'blocked' } & {
      readonly appId: string;
      readonly personId: string;
      /** Encrypted; the app's own name for the person. */
      readonly openid: string;
      /** Names this consent: a push accepted under an earlier one stays refused. */
      readonly consentId: string;
      readonly level: Level;
      /** 免打扰 (do not disturb): with `until: null` until lifted. */
      readonly muted: { readonly until: IsoTime | null } | null;
      /** The chosen endpoints; `null` means every verified one. */
      readonly channels: readonly string[] | null;
      /** The most pushes a day that ring; `null`: as many as come. */
      readonly dailyCap: number | null;
      /** When it rings, other than its person wants of all apps; absent or null: as they want. */
      readonly digest?: AppDigest | null;
      /** Whether the app is told when its person reads what it sent; absent: no. */
      readonly readReceipts?: boolean;
      /** Its critical pushes may be heard as such, in quiet hours too. */
      readonly critical?: boolean;
      readonly keyHash: string;
      /**
       * The app has confirmed that it means this person by the openid. Consents older than this rule are unconfirmed.
       */
      readonly confirmed: boolean;
      /** The app has sent the present key together with its own secret. */
      readonly keyPresented: boolean;
      /** What the person's own client called an app without an owner. Sealed; in old logs in clear. */
      readonly appName?: string;
      /** Why it ended, where it did not end by its person. */
      readonly endReason?: EndReason;
      /** The binding request that the person approved last. */
      readonly requestId?: string;
      readonly boundAt: IsoTime;
      /** When its app was last handed to another owner. */
      readonly appTransferredAt?: IsoTime;
    });

/** Why a binding ended that its person did not end: the app was deleted, or everything about the person was erased. */
export type EndReason = 'app-deleted' | 'person-erased';

export const absentBinding: Binding = { is: 'absent' };

/** The binding after one of its events. Never throws; an unknown type changes nothing. */
export function evolveBinding(binding: Binding, event: BindingEvent): Binding {
  if (event.type === 'binding.bound') {
    const { at, wording: _, ...consent } = event.data;
    return {
      is: 'active',
      ...consent,
      muted: null,
      dailyCap: null,
      confirmed: false,
      keyPresented: false,
      boundAt: at,
    };
  }
  if (binding.is === 'absent') return binding;
  switch (event.type) {
    case 'binding.key-rotated':
      return { ...binding, keyHash: event.data.keyHash, keyPresented: false };
    case 'binding.key-presented':
      return { ...binding, keyPresented: true };
    case 'binding.confirmed':
      return event.data.consentId === binding.consentId ? { ...binding, confirmed: true } : binding;
    case 'binding.renewed': {
      const { requestId } = event.data;
      return requestId === undefined ? binding : { ...binding, requestId };
    }
    case 'binding.app-transferred':
      return { ...binding, appTransferredAt: event.data.transferredAt };
    case 'binding.app-named':
      return { ...binding, appName: event.data.appName };
    case 'binding.muted':
      return { ...binding, muted: { until: event.data.until } };
    case 'binding.unmuted':
      return { ...binding, muted: null };
    case 'binding.level-set':
      return { ...binding, level: event.data.level };
    case 'binding.channels-set':
      return { ...binding, channels: event.data.channels };
    case 'binding.cap-set':
      return { ...binding, dailyCap: event.data.dailyCap };
    case 'binding.digest-set':
      return { ...binding, digest: event.data.digest };
    case 'binding.critical-set':
      return { ...binding, critical: event.data.critical };
    case 'binding.read-receipts-set':
      return { ...binding, readReceipts: event.data.readReceipts };
    case 'binding.unbound':
      return { ...binding, is: 'unbound', ...(event.data.reason !== 'requested' && { endReason: event.data.reason }) };
    case 'binding.refused':
      return { ...binding, is: 'unbound' };
    case 'binding.blocked':
      return { ...binding, is: 'blocked' };
    case 'binding.unblocked':
      return binding.is === 'blocked' ? { ...binding, is: 'unbound' } : binding;
    default:
      event satisfies never;
      return binding;
  }
}

export const bindingFold: Fold<Binding, BindingEvent> = { initial: absentBinding, evolve: evolveBinding };

/** Whether 免打扰 is in force at `now`; a mute with an end is over by itself. */
export const isMuted = (muted: { readonly until: IsoTime | null } | null, now: IsoTime): boolean =>
  muted !== null && (muted.until === null || now < muted.until);
