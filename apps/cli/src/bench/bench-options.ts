import { HarkError } from '@hark/kernel';
import { readArguments } from '../arguments';

/** The options of `hark bench`. */
export interface BenchOptions {
  readonly what: (typeof whats)[number];
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly people: number;
  /** For `trouble`: how many addresses whose providers refuse. */
  readonly troubled: number;
  /** For `schedule`: how many pushes are due at one moment. */
  readonly due?: number;
  /** For `streams`: how many are open. */
  readonly streams?: number;
  readonly findRate: boolean;
  /** How many events to write into the event store before measuring it again; 0 for none. */
  readonly events: number;
  /** How many pushes share a request; without it each is a request of its own. */
  readonly batch?: number;
  /** How many pushes to store in an own hub before measuring it; 0 for none. */
  readonly stored: number;
  readonly json: boolean;
  /** Settings of the bench's own hub; a running one stays as it is. */
  readonly split: boolean;
  /** What `hark up` is told: `intake=2,delivery=2`. */
  readonly replicas?: string;
  /** Always start an own hub, even when one runs. */
  readonly own: boolean;
  readonly profileDir?: string;
  /** The JSON of an earlier run to compare with. */
  readonly baseline?: string;
  /** Where the picture goes. */
  readonly html?: string;
}

/** The answers of a run are all kept in memory until it ends. */
const arrivalsMax = 2_000_000;
const eventsMax = 100_000_000;
/** As many as the API takes (`http-api.md`). */
const batchMax = 1_000;
const storedMax = 10_000_000;
const dueMax = 1_000_000;
const streamsMax = 12_000;
/** Options that only a hub of the bench's own can follow. */
const ownAlways = ['split', 'replicas', 'stored', 'cpu-prof'] as const;
const whats = [
  'hub',
  'event-store',
  'nats',
  'trouble',
  'neighbours',
  'rebuild',
  'auth',
  'schedule',
  'streams',
] as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = {
  rate: text,
  seconds: text,
  people: text,
  troubled: text,
  due: text,
  streams: text,
  events: text,
  batch: text,
  stored: text,
  replicas: text,
  'find-rate': flag,
  json: flag,
  split: flag,
  own: flag,
  'cpu-prof': text,
  baseline: text,
  html: text,
};

/** Reads the arguments; throws `command.invalid` naming the wrong one. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(args);
  const [named = 'hub', ...more] = positionals;
  const what = whats.find((each) => each === named);
  if (what === undefined || more.length > 0)
    throw invalid(`hark bench measures ${whats.join(', ')}, not ${positionals.join(' ')}`);
  const ratePerSecond = numberOf('--rate', values.rate ?? '100', 20_000);
  const seconds = numberOf('--seconds', values.seconds ?? '10', 3_600);
  if (ratePerSecond * seconds > arrivalsMax) throw invalid(`--rate times --seconds must be at most ${arrivalsMax}`);
  return {
    what,
    ratePerSecond,
    seconds,
    people: numberOf('--people', values.people ?? '20', 1_000),
    troubled: numberOf('--troubled', values.troubled ?? '400', 2_000),
    events: values.events === undefined ? 0 : numberOf('--events', values.events, eventsMax),
    ...(values.due !== undefined && { due: numberOf('--due', values.due, dueMax) }),
    ...(values.streams !== undefined && { streams: numberOf('--streams', values.streams, streamsMax) }),
    ...(values.batch !== undefined && { batch: numberOf('--batch', values.batch, batchMax) }),
    stored: values.stored === undefined ? 0 : numberOf('--stored', values.stored, storedMax),
    findRate: values['find-rate'],
    json: values.json,
    split: values.split,
    own: values.own || ownAlways.some((name) => values[name] !== undefined && values[name] !== false),
    ...(values.replicas !== undefined && { replicas: values.replicas }),
    ...(values['cpu-prof'] !== undefined && { profileDir: values['cpu-prof'] }),
    ...(values.baseline !== undefined && { baseline: values.baseline }),
    ...(values.html !== undefined && { html: values.html }),
  };
}

function parsed(args: readonly string[]) {
  return readArguments('bench', args, { options, allowPositionals: true });
}

function numberOf(name: string, value: string, max: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1 && number <= max) return number;
  throw invalid(`${name} must be a whole number from 1 to ${max}, not ${value}`);
}

const invalid = (message: string): HarkError => new HarkError('invalid', 'command.invalid', message);
