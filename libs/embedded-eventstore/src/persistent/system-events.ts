import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../event-log';

/** A new JSON event of the system's own. `json` is the text as stored, so that 64-bit numbers survive. */
export const systemEvent = (type: string, json: string): NewEvent => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(json, 'utf8'),
  metadata: new Uint8Array(),
});

/** Stream metadata, written whole. */
export const metadataEvent = (json: string): NewEvent => systemEvent('$metadata', json);
