import { HarkError } from '@hark/kernel';
import { Fields } from './drop-in';

/** A field as text; a number is taken as it is written, whatever else it is counts as absent, and so does an empty one. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The fields that are there. */
export const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/**
 * A title without a text is the text: these hubs take a message of a title alone, and Hark has none without a body.
 */
export const titled = (title: string | undefined, body: string | undefined): Fields =>
  present(body === undefined ? { body: title } : { title, body });

/** `request.invalid` for one field. */
export const invalidField = (path: string, message: string): HarkError =>
  new HarkError('invalid', 'request.invalid', 'a field of another hub cannot be kept', { errors: [{ path, message }] });

/** `route.unknown`: the protocol has no such address here. */
export const noSuchAddress = (): HarkError => new HarkError('not-found', 'route.unknown', 'no such path');
