import { foldedBy, StatesOf } from '@hark/service';
import { addressDecider } from './domain/address.decider';
import { appDecider } from './domain/app.decider';
import { bindingDecider } from './domain/binding.decider';
import { bindingRequestDecider } from './domain/binding-request.decider';
import { callbackDecider } from './domain/callback.decider';
import { deviceLogInDecider } from './domain/device-log-in.decider';
import { identityDecider } from './domain/identity.decider';
import { logInDecider } from './domain/log-in.decider';
import { openidDecider } from './domain/openid.decider';
import { receiptKeyDecider } from './domain/receipt-key.decider';
import { sessionDecider } from './domain/session.decider';
import { userDecider } from './domain/user.decider';

/** What each stream of this service adds up to. */
export const states: StatesOf<'auth'> = {
  user: foldedBy(userDecider),
  identity: foldedBy(identityDecider),
  session: foldedBy(sessionDecider),
  app: foldedBy(appDecider),
  callback: foldedBy(callbackDecider),
  binding_request: foldedBy(bindingRequestDecider),
  receipt_key: foldedBy(receiptKeyDecider),
  binding: foldedBy(bindingDecider),
  openid: foldedBy(openidDecider),
  address: foldedBy(addressDecider),
  log_in: foldedBy(logInDecider),
  device_log_in: foldedBy(deviceLogInDecider),
};
