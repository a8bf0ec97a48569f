import { EndpointTrouble } from '@hark/contracts';

/** The word for a message or code that did not arrive, by the class of the failure and the reason given with it. */
export function troubleOf(failure: string, reason?: string): EndpointTrouble {
  if (reason === 'redirected' || reason === 'hub-refused' || reason === 'not-found') return reason;
  if (reason === 'address-unsupported') return reason;
  switch (failure) {
    case 'RECIPIENT_GONE':
      return 'recipient-gone';
    case 'RECIPIENT_REFUSED':
      return 'recipient-refused';
    case 'BAD_REQUEST':
    case 'CONFIG':
      return 'server-refused';
    default:
      return 'not-reached';
  }
}
