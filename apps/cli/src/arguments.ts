import { parseArgs, type ParseArgsConfig } from 'node:util';
import { HarkError, slipsBetween } from '@hark/kernel';

/** What `parseArgs` of Node makes of a config whose options are strict. */
type Parsed<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>;

/** The most letter changes that count as a typing error. */
const slipsMax = 2;

/**
 * Reads a command's arguments. Throws `command.invalid` naming an unknown one and the nearest known one: no argument is
 * ever ignored.
 */
export function readArguments<const T extends Omit<ParseArgsConfig, 'args' | 'strict'>>(
  command: string,
  args: readonly string[],
  config: T,
): Parsed<T> {
  try {
    return parseArgs({ ...config, args: [...args] }) as unknown as Parsed<T>;
  } catch (error) {
    throw new HarkError('invalid', 'command.invalid', reasonOf(command, error as NodeJS.ErrnoException, config));
  }
}

function reasonOf(
  command: string,
  { code, message }: NodeJS.ErrnoException,
  { options = {} }: ParseArgsConfig,
): string {
  const [, given = ''] = /'(--?[^']*|[^']*)'/.exec(message) ?? [];
  const known = Object.keys(options).map((name) => `--${name}`);
  const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearest(given, known);
    return `hark ${command} has no option ${given}; ${near ? `did you mean ${near}?` : list}`;
  }
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `hark ${command} takes no ${given}; ${list}`;
  return `hark ${command}: ${message.split('. ')[0]}`;
}

/** The one of `known` that was probably meant by `word`; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, slips: each.startsWith(word) && word.length > 2 ? 1 : slipsBetween(word, each) }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= slipsMax ? best.each : undefined;
}
