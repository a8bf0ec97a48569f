import type { LogEvent } from './event-log';
import { invalidArgument, unknownError } from './service-error';

const defaultWindow = 32;

/** What a filter tests, as plain data that can be stored and compiled again. */
export interface FilterSettings {
  readonly on: 'stream-name' | 'event-type';
  /** A .NET regular expression searched for anywhere; the prefixes count only when it is empty. */
  readonly regex: string;
  readonly prefixes: readonly string[];
  /** How many events the server looks at before it counts once towards a checkpoint. */
  readonly window: number;
  readonly checkpointIntervalMultiplier: number;
}

/** The members that `FilterOptions` has in `streams_pb` and in `persistent_pb` alike. */
export interface FilterOptionsMessage {
  hasStreamIdentifier(): boolean;
  getStreamIdentifier(): ExpressionMessage | undefined;
  hasEventType(): boolean;
  getEventType(): ExpressionMessage | undefined;
  hasMax(): boolean;
  getMax(): number;
  getCheckpointintervalmultiplier(): number;
}

interface ExpressionMessage {
  getRegex(): string;
  getPrefixList(): string[];
}

/** A compiled filter. */
export interface EventFilter {
  /** Looks at the event as it stands in the log: at a link, not at its target. */
  readonly matches: (event: Pick<LogEvent, 'streamId' | 'type'>) => boolean;
  /** After how many considered events, matching or not, a checkpoint is due. */
  readonly checkpointInterval: number;
}

/** The filter in a request. Throws INVALID_ARGUMENT when it has no expression. */
export function readFilter(options: FilterOptionsMessage): FilterSettings {
  const expression = options.getStreamIdentifier() ?? options.getEventType();
  if (expression === undefined) throw invalidArgument('filter is missing');
  return {
    on: options.hasStreamIdentifier() ? 'stream-name' : 'event-type',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
    window: options.hasMax() ? options.getMax() : defaultWindow,
    checkpointIntervalMultiplier: options.getCheckpointintervalmultiplier(),
  };
}

/** Throws UNKNOWN for an expression that is no regular expression. */
export function compileFilter(settings: FilterSettings): EventFilter {
  const { on, prefixes } = settings;
  const pattern = settings.regex === '' ? undefined : regexOf(settings.regex);
  const test = (text: string): boolean =>
    pattern === undefined ? prefixes.some((prefix) => text.startsWith(prefix)) : pattern.test(text);
  return {
    matches: on === 'stream-name' ? ({ streamId }) => test(streamId) : ({ type }) => test(type),
    checkpointInterval: Math.max(1, settings.window * settings.checkpointIntervalMultiplier),
  };
}

/** .NET spellings that JavaScript lacks and people use: leading inline flags, `\A`, `\z` and `\Z`. */
function regexOf(source: string): RegExp {
  const inline = /^\(\?([imsn]+)\)/.exec(source);
  const body = source
    .slice(inline?.[0].length ?? 0)
    .replaceAll(/\\(.)/gs, (escape, letter: string) => dotNetAnchors.get(letter) ?? escape);
  try {
    return new RegExp(body, (inline?.[1] ?? '').replaceAll('n', ''));
  } catch {
    throw unknownError();
  }
}

const dotNetAnchors: ReadonlyMap<string, string> = new Map([
  ['A', '(?<![\\s\\S])'],
  ['z', '(?![\\s\\S])'],
  ['Z', '(?=\\n?(?![\\s\\S]))'],
]);
