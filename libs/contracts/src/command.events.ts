import { z } from 'zod';
import { isoTime } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

export const commandEventSchemas = {
  // command-<commandId>: a command that came with an Idempotency-Key, and which stream it changes depends on its body.
  /** The key belongs to one request from now on: the one whose hash stands in the metadata. */
  'command.claimed': z.strictObject({ at: isoTime }),
};
