import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import { Logger } from '@hark/kernel';

/** The levels of HARK_LOG. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

const causesMax = 3;
const standardError = 2;

/** JSON lines on standard error; nothing at all without a level. */
export function createLog(service: string, level: (typeof logLevels)[number] | undefined): Logger {
  if (level === undefined) return pino({ enabled: false });
  const options = { level, base: { service }, serializers: { err: (error: unknown) => describe(error, causesMax) } };
  return pino(options, pino.destination({ dest: standardError, sync: true }));
}

/** Only these members, because a database error carries the row it failed on. */
function describe(error: unknown, causes: number): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? { code: String(error.code) } : {};
  return {
    type: name,
    message,
    ...code,
    stack,
    ...(cause && causes > 0 ? { cause: describe(cause, causes - 1) } : {}),
  };
}

/** Nest's own log: warnings and errors, without what it says at start. */
export const frameworkLog = (log: Logger): LoggerService => ({
  log: () => {},
  warn: (message: unknown) => log.warn({}, String(message)),
  error: (problem: unknown, stack?: unknown) =>
    log.error(
      problem instanceof Error ? { err: problem } : { stack },
      problem instanceof Error ? 'in the framework' : String(problem),
    ),
});
