import { Locale } from '@hark/contracts';
import { MailError, noUtf8, OutboundError } from '@hark/outbound';
import { Channel, EndpointFields, Notification, SendResult } from './channel';

/**
 * What all channels share: an endpoint read from storage is checked again before use, and no failure leaves as an
 * exception, because every attempt must have a recorded result.
 */
export abstract class TypedChannel<Endpoint> implements Channel {
  abstract readonly kind: string;
  abstract readonly fields: EndpointFields<Endpoint>;
  abstract readonly repeatable: boolean;

  protected abstract identityOf(endpoint: Endpoint): string;
  protected abstract ownServerOf(endpoint: Endpoint): string | undefined;
  protected abstract shown(endpoint: Endpoint): Record<string, string>;
  protected abstract sendChallenge(
    endpoint: Endpoint,
    code: string,
    locale: Locale,
    personId: string,
  ): Promise<SendResult>;
  protected abstract sendNote(endpoint: Endpoint, note: Notification): Promise<SendResult>;

  identify(endpoint: unknown): string {
    return this.identityOf(this.fields.schema.parse(endpoint));
  }

  serverOf(endpoint: unknown): string | undefined {
    const checked = this.fields.schema.safeParse(endpoint);
    return checked.success ? this.ownServerOf(checked.data) : undefined;
  }

  show(endpoint: unknown): Record<string, string> {
    return this.shown(this.fields.schema.parse(endpoint));
  }

  challenge(endpoint: unknown, code: string, locale: Locale, personId: string): Promise<SendResult> {
    return this.attempt(endpoint, (checked) => this.sendChallenge(checked, code, locale, personId));
  }

  send(endpoint: unknown, note: Notification): Promise<SendResult> {
    return this.attempt(endpoint, (checked) => this.sendNote(checked, note));
  }

  protected async attempt(endpoint: unknown, work: (checked: Endpoint) => Promise<SendResult>): Promise<SendResult> {
    const checked = this.fields.schema.safeParse(endpoint);
    if (!checked.success) return { is: 'failed', class: 'CONFIG', detail: 'endpoint' };
    try {
      return await work(checked.data);
    } catch (error) {
      return resultOf(error);
    }
  }
}

/** The result for an error. An error that is not the outbound's is our own fault, and its outcome is unknown. */
export function resultOf(error: unknown): SendResult {
  if (error instanceof OutboundError) {
    const detail = `${error.reason} ${error.detail}`;
    if (error.providerClass === 'UNKNOWN_OUTCOME') return { is: 'unknown', detail };
    if (error.reason === 'busy') return { is: 'failed', class: 'THROTTLED', detail, putOff: true };
    return { is: 'failed', class: error.providerClass, detail };
  }
  if (error instanceof MailError) {
    const { providerClass, detail, retryAfterMs, refusesHub, ownerChanged } = error;
    if (providerClass === 'UNKNOWN_OUTCOME') return { is: 'unknown', detail };
    return {
      is: 'failed',
      class: providerClass,
      detail,
      ...(refusesHub && { reason: 'hub-refused' }),
      ...(ownerChanged && { reason: 'owner-changed' }),
      ...(detail === noUtf8 && { reason: 'address-unsupported' }),
      ...(detail === 'queue-full' && { putOff: true as const }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  return { is: 'unknown', detail: error instanceof Error ? error.name : 'error' };
}

/** A secret as a person may see it again: its last four characters at most, and no hint of its length. */
export const masked = (secret: string): string => `••••${secret.length >= 12 ? secret.slice(-4) : ''}`;
