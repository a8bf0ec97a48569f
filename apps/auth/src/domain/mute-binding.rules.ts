import { BindingEvent } from '@hark/contracts';
import { Binding, isMuted } from '@hark/gate';
import { HarkError, IsoTime } from '@hark/kernel';

/** A mute (免打扰) as it is asked for: until a time, or with `until: null` until it is lifted; `null` lifts it. */
export type Mute = { readonly until: IsoTime | null } | null;

/** What a person's client says of it: an end alone mutes until then; `muted: true` alone mutes until lifted. */
export function muteAsked(muted: boolean | undefined, until: IsoTime | undefined): Mute | undefined {
  if (muted === undefined && until === undefined) return undefined;
  if (muted !== false) return { until: until ?? null };
  if (until === undefined) return null;
  throw invalidEnd('what is not muted has no end', 'must be absent when muted is false');
}

/**
 * The rule for muting a binding. While it is muted its pushes are filed and ring nowhere (`@hark/gate`). Its level
 * stays and is in force again when the time is over or the mute is lifted. A request that changes nothing makes no
 * event.
 */
export function muteBinding(mute: Mute, { muted }: Exclude<Binding, { is: 'absent' }>, at: IsoTime): BindingEvent[] {
  if (mute === null) return isMuted(muted, at) ? [{ type: 'binding.unmuted', data: { at } }] : [];
  const { until } = mute;
  if (until !== null && until <= at) throw invalidEnd('a mute must end in the future', 'must be in the future');
  return muted !== null && muted.until === until ? [] : [{ type: 'binding.muted', data: { until, at } }];
}

const invalidEnd = (message: string, field: string) =>
  new HarkError('invalid', 'request.invalid', message, { errors: [{ path: 'mutedUntil', message: field }] });
