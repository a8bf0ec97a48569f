import { randomBytes } from 'node:crypto';
import type { StateFile } from '../control/state-file';

/** Device keys the sandbox remembers at most. */
export const devicesMax = 200_000;

/** What APNs would say about the device: chosen by a control call. `down` is APNs itself being unavailable. */
export const deviceStates = ['ok', 'bad', 'unregistered', 'throttled', 'down'] as const;
export type DeviceState = (typeof deviceStates)[number];

export interface Device {
  /** Empty or `deleted` once the app unregistered or APNs called the token dead. */
  token: string;
  state: DeviceState;
}

export const deviceKeyPattern = /^[A-Za-z0-9]{16,64}$/;
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The key→token table of the Bark server. */
export class BarkDevices {
  private readonly devices = new Map<string, Device>();

  constructor(private readonly file: StateFile) {}

  get size(): number {
    return this.devices.size;
  }

  get(key: string): Device | undefined {
    return this.devices.get(key);
  }

  keys(): string[] {
    return [...this.devices.keys()];
  }

  entries(): Iterable<[string, Device]> {
    return this.devices.entries();
  }

  /** Creates or replaces; false when the table is full. */
  put(key: string, device: Device): boolean {
    if (!this.devices.has(key) && this.devices.size >= devicesMax) return false;
    this.devices.set(key, device);
    this.save(key, device);
    return true;
  }

  /**
   * What bark-server does after APNs's answer 410 (its source): it forgets the token and refuses the next push before
   * APNs.
   */
  clearToken(key: string, device: Device): void {
    device.token = '';
    this.save(key, device);
  }

  /** Brings back a remembered device without writing it again. */
  restore(key: string, device: Device): void {
    this.devices.set(key, device);
  }

  reset(): void {
    this.devices.clear();
  }

  private save(deviceKey: string, device: Device): void {
    this.file.append({ kind: 'device', deviceKey, ...device });
  }
}

/** A fresh key of 22 characters, as bark-server's short UUIDs are. */
export const newDeviceKey = (): string =>
  Array.from(randomBytes(22), (byte) => alphabet[byte % alphabet.length]).join('');
