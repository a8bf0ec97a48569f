import { parseArgs, type ParseArgsConfig } from 'node:util';
import { HarkError } from '@hark/kernel';

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

/** Levenshtein's distance, counting two swapped neighbours as one error. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, row) => [row]);
  for (let column = 1; column <= b.length; column += 1) rows[0]![column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      rows[row]![column] = Math.min(
        rows[row - 1]![column]! + 1,
        rows[row]![column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
        swapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
      );
    }
  }
  return rows[a.length]![b.length]!;
}
