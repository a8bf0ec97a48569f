import { ErrorDetail, ErrorKind, FieldError, HarkError } from '@hark/kernel';

/** An error as it crosses NATS. Everything in it is safe to show. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message?: string;
  readonly extra?: ErrorDetail['extra'];
  readonly errors?: readonly FieldError[];
}

const kinds: readonly string[] = ['invalid', 'refused', 'not-found', 'conflict', 'unavailable'] satisfies ErrorKind[];
const internal: WireError = { kind: 'unavailable', code: 'hark.internal' };

/** Anything that was thrown, in a form safe to send: a HarkError unchanged, everything else as `hark.internal`. */
export function wireErrorOf(error: unknown): WireError {
  if (!(error instanceof HarkError)) return internal;
  const { kind, code, message, detail } = error;
  return {
    kind,
    code,
    ...(message ? { message } : {}),
    ...(detail.extra ? { extra: detail.extra } : {}),
    ...(detail.errors ? { errors: detail.errors } : {}),
  };
}

/** The HarkError that a remote service threw; malformed bytes become `unavailable` `hark.internal`. */
export function harkErrorOf(wire: unknown): HarkError {
  if (!isRecord(wire) || !isKind(wire.kind) || !isCode(wire.code)) {
    return new HarkError('unavailable', 'hark.internal', 'a service failed in a way that it did not describe');
  }
  const message = typeof wire.message === 'string' ? wire.message : `answered ${wire.code}`;
  return new HarkError(wire.kind, wire.code, message, {
    ...(isRecord(wire.extra) ? { extra: primitives(wire.extra) } : {}),
    ...(Array.isArray(wire.errors) ? { errors: wire.errors.filter(isFieldError) } : {}),
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isKind = (value: unknown): value is ErrorKind => typeof value === 'string' && kinds.includes(value);
const isCode = (value: unknown): value is HarkError['code'] =>
  typeof value === 'string' && /^[\w-]+\.[\w.-]+$/.test(value);
const isFieldError = (value: unknown): value is FieldError =>
  isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string';

const primitives = (record: Record<string, unknown>): NonNullable<ErrorDetail['extra']> =>
  Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
