import { AppDigest, BindingEvent, Level, Wording } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Binding, bindingFold, sameDigest } from '@hark/gate';
import { Decider, HarkError, IsoTime } from '@hark/kernel';
import { Mute, muteBinding } from './mute-binding.rules';

/** What a binding's person or app asks for. */
export type BindingCommand = UserCommand | AppCommand;

/** `personId` is who asks; to anybody else the binding does not exist. */
type UserCommand = { readonly personId: string; readonly at: IsoTime } & (
  | {
      readonly type: 'Bind';
      readonly appId: string;
      /** Encrypted under the person's key. */
      readonly openid: string;
      /** Names this consent; derived from the command, so a repeat names the same one. */
      readonly consentId: string;
      readonly keyHash: string;
      /** The binding was active when it was looked at, so nobody asked whether the openid is free for a new consent. */
      readonly renews?: boolean;
      /** An active binding keeps the key it has: a code is traded for the new one. */
      readonly keepsKey?: true;
      /** Chosen endpoints; absent: every verified one for a new consent, unchanged for a repeated one. */
      readonly channels?: readonly string[] | null;
      /** What they agreed to. */
      readonly wording?: Wording;
      /** The binding request they approved. */
      readonly requestId?: string;
      /** Absent: `strong` for a new consent, unchanged for a repeated one. */
      readonly level?: Level;
      /** Whether the person has blocked the app. */
      readonly appBlocked: boolean;
      /** What the person's client calls an app without an owner, sealed; absent or the same text leaves it unchanged. */
      readonly appName?: string;
    }
  /** With `consentId`: only while that consent is the one in force, or was the last. */
  | { readonly type: 'Change'; readonly change: BindingChange; readonly consentId?: string }
  | { readonly type: 'Unbind'; readonly consentId?: string }
  | { readonly type: 'Block' }
  /** The person lifted their block of the app: the binding reads as ended, and stays so. */
  | { readonly type: 'Unblock' }
  /** Everything about the person was erased. Of a binding that has ended already it is said as well. */
  | { readonly type: 'EndWithPerson' }
);

/** `appId` is the app that asks; to every other app the binding does not exist. */
type AppCommand = { readonly appId: string; readonly at: IsoTime } &
  /** The app confirms that this person, by this consent, is the one it means by the openid. */
  (
    | { readonly type: 'Confirm'; readonly consentId: string; readonly replaced?: true }
    /** The app says that it does not mean this person: the binding ends. */
    | { readonly type: 'Refuse' }
    /** The app was deleted. */
    | { readonly type: 'EndWithApp' }
    /** The app was handed to another owner then. */
    | { readonly type: 'NoteTransfer'; readonly transferredAt: IsoTime }
    /** The app means another person by the openid: a binding that it never confirmed ends. */
    | { readonly type: 'Replace' }
    /** The app traded a code of this consent for the key with this hash. */
    | { readonly type: 'HandOverKey'; readonly consentId: string; readonly keyHash: string }
    /** The app sent the key with this hash together with its secret. */
    | { readonly type: 'PresentKey'; readonly keyHash: string }
  );

/** Any of a binding's settings, changed all or none. An absent one stays. */
export interface BindingChange {
  readonly level?: Level;
  readonly muted?: Mute;
  /** Endpoints of the person; `null` means every verified one. */
  readonly channels?: readonly string[] | null;
  /** The most pushes a day that ring; `null` means as many as come. */
  readonly dailyCap?: number | null;
  readonly digest?: AppDigest | null;
  /** Whether its critical pushes are heard as such. */
  readonly critical?: boolean;
  /** Whether the app is told when its person reads what it sent. */
  readonly readReceipts?: boolean;
}

type Held = Exclude<Binding, { is: 'absent' }>;

/**
 * The rules of consent: a binding is one person's for ever; an ended one returns only with a new consent under a new
 * id; a muted one remembers its level. The app decides for each consent whom it means by an openid.
 */
export const bindingDecider: Decider<Binding, BindingCommand, BindingEvent> = {
  ...bindingFold,

  decide(command, binding) {
    if (command.type === 'Bind') return bind(command, binding);
    if (binding.is === 'absent') throw unknown();
    if (isOfApp(command)) return decideForApp(command, binding);
    if (binding.personId !== command.personId) throw unknown();
    if ('consentId' in command && command.consentId !== binding.consentId) throw ended();
    switch (command.type) {
      case 'Change':
        if (binding.is !== 'active') throw ended();
        return change(command.change, binding, command.at);
      case 'Unbind':
        return binding.is === 'active'
          ? [{ type: 'binding.unbound', data: { reason: 'requested', at: command.at } }]
          : [];
      case 'Block':
        return binding.is === 'blocked' ? [] : [{ type: 'binding.blocked', data: { at: command.at } }];
      case 'Unblock':
        return binding.is === 'blocked' ? [{ type: 'binding.unblocked', data: { at: command.at } }] : [];
      case 'EndWithPerson':
        return binding.endReason === 'person-erased' ? [] : [endedWithPerson(binding, command.at)];
    }
  },
};

const endedWithPerson = ({ is }: Held, at: IsoTime): BindingEvent => ({
  type: 'binding.unbound',
  data: { reason: 'person-erased', ...(is !== 'active' && { endedBefore: true as const }), at },
});

const isOfApp = (command: Exclude<BindingCommand, { type: 'Bind' }>): command is AppCommand => 'appId' in command;

function decideForApp(command: AppCommand, binding: Held): BindingEvent[] {
  if (binding.appId !== command.appId) throw unknown();
  const { at } = command;
  switch (command.type) {
    case 'Confirm': {
      if (binding.is !== 'active' || binding.consentId !== command.consentId) throw ended();
      const { consentId, replaced } = command;
      const data = { consentId, ...(replaced && { replaced }), at };
      return binding.confirmed ? [] : [{ type: 'binding.confirmed', data }];
    }
    case 'Refuse':
      return binding.is === 'active' ? [{ type: 'binding.refused', data: { at } }] : [];
    case 'EndWithApp':
      return binding.is === 'active' ? [{ type: 'binding.unbound', data: { reason: 'app-deleted', at } }] : [];
    case 'NoteTransfer': {
      const { transferredAt } = command;
      const { appTransferredAt = '' } = binding;
      const isKnown = binding.is !== 'active' || binding.boundAt > transferredAt || appTransferredAt >= transferredAt;
      return isKnown ? [] : [{ type: 'binding.app-transferred', data: { transferredAt, at } }];
    }
    case 'Replace':
      return isAsserted(binding) ? [{ type: 'binding.refused', data: { reason: 'replaced', at } }] : [];
    case 'HandOverKey': {
      if (binding.is !== 'active' || binding.consentId !== command.consentId) throw ended();
      const { keyHash } = command;
      return keyHash === binding.keyHash ? [] : [{ type: 'binding.key-rotated', data: { keyHash, at } }];
    }
    case 'PresentKey': {
      const present = binding.is === 'active' && credentialMatches(command.keyHash, binding.keyHash);
      return present && !binding.keyPresented ? [{ type: 'binding.key-presented', data: { at } }] : [];
    }
  }
}

/** Whether only its person says that the openid is theirs. */
export const isAsserted = (binding: Binding): boolean => binding.is === 'active' && !binding.confirmed;

function bind(command: Extract<BindingCommand, { type: 'Bind' }>, binding: Binding): BindingEvent[] {
  const { appId, personId, openid, consentId, keyHash, level, channels, appBlocked, appName, at } = command;
  const { wording, requestId } = command;
  const evidence = { ...(wording && { wording }), ...(requestId !== undefined && { requestId }) };
  if (binding.is !== 'absent' && binding.personId !== personId) throw unknown();
  if (appBlocked) throw blocked();
  if (binding.is !== 'active') {
    // A late duplicate of a consent that has ended since must not revive it, nor may a renewal that came too late.
    if (command.renews || (binding.is !== 'absent' && binding.consentId === consentId)) throw ended();
    const consent = { appId, personId, openid, consentId, level: level ?? 'strong', keyHash };
    const data = { ...consent, channels: chosen(channels ?? null), ...evidence, at };
    return [{ type: 'binding.bound', data: { ...data, ...(appName !== undefined && { appName }) } }];
  }
  const rotated = !command.keepsKey && keyHash !== binding.keyHash;
  return [
    ...(rotated ? [{ type: 'binding.key-rotated', data: { keyHash, at } } satisfies BindingEvent] : []),
    ...named(appName, binding, at),
    ...renewed(command, requestId === undefined ? rotated : requestId !== binding.requestId),
    ...change({ ...(level && { level }), ...(channels !== undefined && { channels }) }, binding, at),
  ];
}

/** Evidence of a second agreement: only where it was asked for, or the text was before the person's eyes. */
const renewed = (
  { wording, requestId, at }: Extract<BindingCommand, { type: 'Bind' }>,
  isNew: boolean,
): BindingEvent[] =>
  wording && isNew && (wording.presented || requestId !== undefined)
    ? [{ type: 'binding.renewed', data: { wording, ...(requestId !== undefined && { requestId }), at } }]
    : [];

/** Endpoints in a settled order, without repeats. */
const chosen = (channels: readonly string[] | null): string[] | null =>
  channels === null ? null : [...new Set(channels)].sort();

const named = (appName: string | undefined, binding: Held, at: IsoTime): BindingEvent[] =>
  appName === undefined || appName === binding.appName ? [] : [{ type: 'binding.app-named', data: { appName, at } }];

function change(
  { level, muted, channels, dailyCap, digest, critical, readReceipts }: BindingChange,
  binding: Held,
  at: IsoTime,
): BindingEvent[] {
  const events: BindingEvent[] = [];
  if (level !== undefined && level !== binding.level) events.push({ type: 'binding.level-set', data: { level, at } });
  if (muted !== undefined) events.push(...muteBinding(muted, binding, at));
  if (channels !== undefined) {
    const wanted = chosen(channels);
    if (!sameChannels(wanted, binding.channels)) {
      events.push({ type: 'binding.channels-set', data: { channels: wanted, at } });
    }
  }
  if (dailyCap !== undefined && dailyCap !== binding.dailyCap)
    events.push({ type: 'binding.cap-set', data: { dailyCap, at } });
  if (digest !== undefined && !sameDigest(digest, binding.digest ?? null))
    events.push({ type: 'binding.digest-set', data: { digest, at } });
  if (critical !== undefined && critical !== (binding.critical ?? false))
    events.push({ type: 'binding.critical-set', data: { critical, at } });
  if (readReceipts !== undefined && readReceipts !== (binding.readReceipts ?? false))
    events.push({ type: 'binding.read-receipts-set', data: { readReceipts, at } });
  return events;
}

const sameChannels = (left: readonly string[] | null, right: readonly string[] | null): boolean =>
  left === right || (left !== null && right !== null && left.join() === right.join());

const unknown = () => new HarkError('not-found', 'binding.unknown', 'there is no such binding for this person');
const ended = () => new HarkError('refused', 'binding.ended', 'the binding has ended; a new one needs a new consent');
const blocked = () => new HarkError('refused', 'binding.app-blocked', 'the person has blocked the app');
