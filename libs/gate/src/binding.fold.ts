import { BindingEvent, Level } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** A person's consent to one app (授权), as its stream tells it. */
export type Binding =
  | { readonly is: 'absent' }
  | ({ readonly is: 'active' | 'unbound' | 'blocked' } & {
      readonly appId: string;
      readonly personId: string;
      /** Sealed; the app's own name for the person. */
      readonly openid: string;
      /** Names this consent: a push accepted under another one stays refused. */
      readonly consentId: string;
      readonly level: Level;
      /** 免打扰: `until: null` is until lifted. */
      readonly muted: { readonly until: IsoTime | null } | null;
      /** Chosen endpoints, or `null` for every verified one. */
      readonly channels: readonly string[] | null;
      readonly keyHash: string;
      /** The app has said that this person is who it means by the openid. Consents from before apps could say so are not. */
      readonly confirmed: boolean;
      /** The app itself has shown the present key, together with its secret. */
      readonly keyPresented: boolean;
      /** What the person's own client called the app, when nobody owns it. */
      readonly appName?: string;
      readonly boundAt: IsoTime;
    });

export const absentBinding: Binding = { is: 'absent' };

/** What a binding becomes by one of its events. Never throws; an unknown type changes nothing. */
export function evolveBinding(binding: Binding, event: BindingEvent): Binding {
  if (event.type === 'binding.bound') {
    const { at, ...consent } = event.data;
    return { is: 'active', ...consent, muted: null, confirmed: false, keyPresented: false, boundAt: at };
  }
  if (binding.is === 'absent') return binding;
  switch (event.type) {
    case 'binding.key-rotated':
      return { ...binding, keyHash: event.data.keyHash, keyPresented: false };
    case 'binding.key-presented':
      return { ...binding, keyPresented: true };
    case 'binding.confirmed':
      return event.data.consentId === binding.consentId ? { ...binding, confirmed: true } : binding;
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
    case 'binding.unbound':
    case 'binding.refused':
      return { ...binding, is: 'unbound' };
    case 'binding.blocked':
      return { ...binding, is: 'blocked' };
    default:
      event satisfies never;
      return binding;
  }
}

/** Whether 免打扰 is in force at `now`; a mute with an end ends by itself. */
export const isMuted = (muted: { readonly until: IsoTime | null } | null, now: IsoTime): boolean =>
  muted !== null && (muted.until === null || now < muted.until);
