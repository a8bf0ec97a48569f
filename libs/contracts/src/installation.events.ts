import { z } from 'zod';
import { isoTime, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

export const installationEventSchemas = {
  // installation-<one fixed id>: the first event of every log, written before anything else.
  /**
   * Which vault holds the keys of the persons in this log, and a value derived from the master key. It shows when
   * another master key is used, and the key cannot be computed from it.
   */
  'installation.founded': z.strictObject({
    vaultId: uuid,
    keyCheck: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
    at: isoTime,
  }),
};
