import type { Schemas } from '../api/client';

/** What a sender counts. */
export type PushOutcome = 'delivered' | 'inbox-only' | 'underway' | 'blocked' | 'failed';

/** Where a push counts in the chart. */
export function pushOutcome(status: Schemas['PushSummary']['status']): PushOutcome {
  switch (status) {
    case 'delivered':
    case 'inbox-only':
    case 'failed':
      return status;
    case 'blocked':
    case 'suppressed':
    case 'recalled':
    case 'expired':
      return 'blocked';
    default:
      return 'underway';
  }
}
