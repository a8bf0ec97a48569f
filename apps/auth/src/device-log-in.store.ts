import { Injectable } from '@nestjs/common';
import { DeviceLogInEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Vault } from '@hark/vault';
import { DeviceLogIn, DeviceLogInCommand, deviceLogInDecider, unknownDevice } from './domain/device-log-in.decider';
import { userCodeFrom } from './domain/user-code';

/** The streams `device_log_in-<id>`. */
@Injectable()
export class DeviceLogInStore extends DeciderStore<DeviceLogIn, DeviceLogInCommand, DeviceLogInEvent> {
  constructor(
    store: EventStore,
    private readonly vault: Vault,
  ) {
    super(store, 'device_log_in', deviceLogInDecider);
  }

  /** The stream of a user code as a person typed it; `device-log-in.unknown` when it is none. */
  idOf(typed: string): { readonly id: string; readonly userCode: string } {
    const userCode = userCodeFrom(typed);
    if (userCode === undefined) throw unknownDevice();
    return { id: this.vault.lookupId('device-user-code', userCode), userCode };
  }
}
