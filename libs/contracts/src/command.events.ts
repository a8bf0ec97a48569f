import { z } from 'zod';
import { isoTime } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

export const commandEventSchemas = {
  // command-<commandId>: for a command with an Idempotency-Key whose body decides which stream it changes.
  /** From now on the key belongs to one request, whose hash is in the metadata. */
  'command.claimed': z.strictObject({ at: isoTime }),
};
