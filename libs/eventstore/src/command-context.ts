import { uuid5 } from '@hark/kernel';

/** Who asked for a command and why. Goes into the metadata of every event that the command makes. */
export interface CommandContext {
  /** A uuid. The same for a repeat of the same command: event ids are derived from it. */
  readonly commandId: string;
  /** Hex digest of the request's body; only with an Idempotency-Key. */
  readonly requestHash?: string;
  /** `user:<id>` | `app:<id>` | `service:<name>` | `anonymous` */
  readonly actor: string;
  readonly requestId: string;
  readonly correlationId: string;
  /** Id of the event that led to this command, if one did. */
  readonly causationId?: string;
  readonly traceparent?: string;
}

/**
 * The context of one named step of a command.
 * A command that appends to one stream more than once needs a step for each, or the steps would share event ids.
 */
export const stepContext = (context: CommandContext, step: string): CommandContext => ({
  ...context,
  commandId: uuid5(context.commandId, `step:${step}`),
});
