import { DeviceLogInEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** How long a browser waits to be logged in, in milliseconds. */
export const deviceLogInLifeMs = 10 * 60_000;
/** How often it may ask meanwhile, in milliseconds (RFC 8628 section 3.2). */
export const pollEveryMs = 5_000;

/** A browser that a person logs in from elsewhere (RFC 8628). */
export type DeviceLogIn =
  | { readonly is: 'absent' }
  | {
      readonly is: 'open' | 'expired' | 'approved' | 'declined' | 'used';
      readonly deviceHash: string;
      /** Sealed. */
      readonly client?: string;
      /** Who decided it; null before. */
      readonly userId: string | null;
      readonly expiresAt: IsoTime;
    };

export type DeviceLogInCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Open'; readonly deviceHash: string; readonly client?: string }
  | { readonly type: 'Approve' | 'Decline'; readonly userId: string }
  | { readonly type: 'Use'; readonly deviceHash: string }
  | { readonly type: 'Expire' }
);

/**
 * The rules of a log-in by scanning: one person decides it, once, within ten minutes, and the browser that asked, and no
 * other, has one session of it.
 */
export const deviceLogInDecider: Decider<DeviceLogIn, DeviceLogInCommand, DeviceLogInEvent> = {
  initial: { is: 'absent' },

  decide(command, logIn) {
    const { at } = command;
    switch (command.type) {
      case 'Open': {
        const { type: _, ...data } = command;
        if (logIn.is !== 'absent') return [];
        return [{ type: 'device_log_in.opened', data: { ...data, expiresAt: plusMs(at, deviceLogInLifeMs) } }];
      }
      case 'Approve':
      case 'Decline': {
        const { userId } = command;
        const how = command.type === 'Approve' ? 'approved' : 'declined';
        if (logIn.is === 'absent') throw unknownDevice();
        if (logIn.userId === userId && (logIn.is === 'declined') === (how === 'declined')) return [];
        if (logIn.userId !== null) throw settled();
        if (logIn.is === 'expired' || at >= logIn.expiresAt) throw unknownDevice();
        return [{ type: `device_log_in.${how}`, data: { userId, at } }];
      }
      case 'Use':
        if (logIn.is === 'absent' || !credentialMatches(command.deviceHash, logIn.deviceHash)) throw deviceOver();
        return logIn.is === 'approved' ? [{ type: 'device_log_in.used', data: { at } }] : [];
      case 'Expire':
        return logIn.is === 'open' && at >= logIn.expiresAt ? [{ type: 'device_log_in.expired', data: { at } }] : [];
    }
  },

  evolve(logIn, event) {
    if (event.type === 'device_log_in.opened') {
      const { at: _, ...opened } = event.data;
      return { is: 'open', ...opened, userId: null };
    }
    if (logIn.is === 'absent') return logIn;
    switch (event.type) {
      case 'device_log_in.approved':
        return { ...logIn, is: 'approved', userId: event.data.userId };
      case 'device_log_in.declined':
        return { ...logIn, is: 'declined', userId: event.data.userId };
      case 'device_log_in.used':
        return { ...logIn, is: 'used' };
      case 'device_log_in.expired':
        return { ...logIn, is: 'expired' };
      default:
        event satisfies never;
        return logIn;
    }
  },
};

/** The answer to a user code under which no browser waits: wrong and expired ones alike. */
export const unknownDevice = () =>
  new HarkError('not-found', 'device-log-in.unknown', 'no browser waits under this code');
/** The answer to a device code that is none, was used or has expired. */
export const deviceOver = () => new HarkError('refused', 'session.challenge-over', 'the browser has to begin again');
const settled = () => new HarkError('conflict', 'device-log-in.settled', 'somebody has decided this log-in');
