import type { FailureClass } from '@hark/outbound';
import { SendResult } from './channel';

const throttledMs = 60_000;
// The first match decides. bark-server answers every refusal of Apple's with 500 and puts the APNs reason into the
// text; the names are those of Apple's "Handling notification responses from APNs".
const reasons: readonly (readonly [RegExp, FailureClass])[] = [
  [/failed to get device token|device token invalid/i, 'RECIPIENT_GONE'],
  [/BadDeviceToken|Unregistered|ExpiredToken|DeviceTokenNotForTopic/, 'RECIPIENT_GONE'],
  [/PayloadTooLarge|PayloadEmpty|BadCollapseId|BadMessageId|BadPriority|BadExpirationDate/, 'BAD_REQUEST'],
  [/TooManyProviderTokenUpdates|InvalidProviderToken|ExpiredProviderToken|TopicDisallowed|Forbidden/, 'CONFIG'],
  [/TooManyRequests/, 'THROTTLED'],
  [
    /InternalServerError|ServiceUnavailable|Shutdown|IdleTimeout|time-?out|deadline|dial tcp|EOF|http2:|connection/i,
    'TRANSIENT',
  ],
];

// These statuses count more than the text, which may come from a proxy in front of the server or quote an older error.
const outranking: ReadonlyMap<number, FailureClass> = new Map([
  [429, 'THROTTLED'],
  [502, 'TRANSIENT'],
  [503, 'TRANSIENT'],
  [504, 'TRANSIENT'],
]);

/**
 * What a Bark server's answer means (bark-server source: `{code, message}`, HTTP status equal to `code`). The detail
 * names status and reason, never the text, because the text holds the key. `isHubs`: it is the hub's configured server,
 * whose credentials are the operator's.
 */
export function classifyBark(status: number, text: string, isHubs = false): SendResult {
  const message = messageOf(text);
  if (status === 200) return message === null ? { is: 'unknown', detail: 'malformed' } : accepted(text);
  if (status >= 300 && status < 400)
    return { is: 'failed', class: 'CONFIG', detail: String(status), reason: 'redirected' };
  const matched = message === null || outranking.has(status) ? null : reasonOf(message);
  const failureClass = matched?.failureClass ?? classOfStatus(status, message !== null);
  return {
    is: 'failed',
    class: failureClass,
    detail: `${status} ${matched?.name ?? (message === null ? 'no envelope' : 'other')}`,
    ...(failureClass === 'THROTTLED' && { retryAfterMs: throttledMs }),
    ...(failureClass === 'CONFIG' && isHubs && { reason: 'hub-refused' }),
  };
}

function accepted(text: string): SendResult {
  const { code } = JSON.parse(text) as { code?: unknown };
  return code === 200 ? { is: 'sent' } : { is: 'unknown', detail: 'malformed' };
}

function reasonOf(message: string): { name: string; failureClass: FailureClass } | null {
  for (const [pattern, failureClass] of reasons) {
    const name = pattern.exec(message)?.[0];
    if (name !== undefined) return { name, failureClass };
  }
  return null;
}

function classOfStatus(status: number, isEnvelope: boolean): FailureClass {
  const ranked = outranking.get(status);
  if (ranked !== undefined) return ranked;
  if (isEnvelope) return 'BAD_REQUEST';
  // bark-server answers wrong basic auth with 418; a 404 without an envelope is not a Bark server's
  return status >= 500 ? 'TRANSIENT' : 'CONFIG';
}

function messageOf(text: string): string | null {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || !('code' in json)) return null;
    return 'message' in json && typeof json.message === 'string' ? json.message.slice(0, 1_000) : '';
  } catch {
    return null;
  }
}
