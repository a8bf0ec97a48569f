import { z } from 'zod';

/** Which service folds the streams of a category: the one whose decider decides on them. Records of looks have no state. */
export const streamFolders = {
  user: 'auth',
  identity: 'auth',
  session: 'auth',
  app: 'auth',
  callback: 'auth',
  binding_request: 'auth',
  receipt_key: 'auth',
  binding: 'auth',
  openid: 'auth',
  address: 'auth',
  log_in: 'auth',
  device_log_in: 'auth',
  message: 'intake',
  moderation: 'moderation',
  rules: 'moderation',
  delivery: 'delivery',
  inbox_item: 'delivery',
  notice: 'delivery',
  credit: 'delivery',
  ring: 'delivery',
  digest: 'delivery',
  endpoint_test: 'delivery',
  complaint: 'complaints',
  standing: 'complaints',
} as const satisfies Readonly<Record<string, string>>;

type Folders = typeof streamFolders;
/** A category whose streams have a state, of this service or of any. */
export type FoldedCategory<Service extends string = string> = {
  [C in keyof Folders]: Folders[C] extends Service ? C : never;
}[keyof Folders];

/** A stream that has a state. */
export const foldedStream = z
  .string()
  .regex(
    new RegExp(`^(?:${Object.keys(streamFolders).join('|')})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
    'must be a stream, such as app-<id>',
  );

/** The subject that a service tells the state of its streams under. Other services may ask. */
export const stateSubjectOf = (service: string): string => `${service}.tell-state`;
/** Without a revision: the state after the latest event. */
export const tellStateRequest = z.strictObject({ stream: foldedStream, revision: z.int().min(0).optional() });
