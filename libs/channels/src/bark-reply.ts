import type { FailureClass } from '@hark/outbound';
import { SendResult } from './channel';

const throttledMs = 60_000;
// In this order: the first that matches decides. Apple's refusals all come as 500 with the reason in the text.
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

// What these say of a server, its text cannot take back: it may come from a proxy before it, or quote an older error.
const outranking: ReadonlyMap<number, FailureClass> = new Map([
  [429, 'THROTTLED'],
  [502, 'TRANSIENT'],
  [503, 'TRANSIENT'],
  [504, 'TRANSIENT'],
]);

/**
 * What a Bark server's answer means. The detail names status and reason, never the text: the text holds the key.
 * `isHubs`: the server is the hub's configured one, whose credentials are the operator's.
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
  return status >= 500 ? 'TRANSIENT' : 'CONFIG'; // 418: wrong basic auth; 404 without envelope: no Bark server
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
