import { MAX64 } from '../event-log';
import { groupFailed, type StatusError } from '../service-error';

/** How a group chooses the reader of an event. */
export const consumerStrategyNames = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type ConsumerStrategyName = (typeof consumerStrategyNames)[number];

/** The name EventStoreDB gives the whole log. */
export const allStream = '$all';

/** Where a group without a checkpoint begins; inclusive. `end` means: only what is committed after its creation. */
export type StartFrom =
  | { readonly is: 'start' }
  | { readonly is: 'end' }
  | { readonly is: 'revision'; readonly revision: bigint }
  | { readonly is: 'position'; readonly commit: bigint; readonly prepare: bigint };

/** A group's settings as its creator gave them; they come back unchanged from GetInfo and List. */
export interface GroupSettings {
  readonly startFrom: StartFrom;
  readonly resolveLinkTos: boolean;
  readonly extraStatistics: boolean;
  /** 0: whatever is outstanding at the next tick has timed out. */
  readonly messageTimeoutMs: number;
  readonly maxRetryCount: number;
  /** 0: never by time. */
  readonly checkPointAfterMs: number;
  readonly minCheckPointCount: number;
  readonly maxCheckPointCount: number;
  /** 0: any number of readers. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  /** One of `consumerStrategyNames` once it is validated. */
  readonly consumerStrategy: string;
}

/** `<stream>::<group>`: a group's identity, and the subscription id its readers are told. */
export const groupKey = (stream: string, group: string): string => `${stream}::${group}`;

export const isConsumerStrategyName = (name: string): name is ConsumerStrategyName =>
  (consumerStrategyNames as readonly string[]).includes(name);

/** A place of a group as text: `17` in a stream, `C:17/P:17` in `$all`. `formatPlace` and `parsePlace` are inverse. */
export const formatPlace = (stream: string, place: bigint): string =>
  stream === allStream ? `C:${place}/P:${place}` : String(place);

/** Of an `$all` place only the commit position counts. `undefined` when the text is no place. */
export function parsePlace(text: string): bigint | undefined {
  const digits = /^(?:C:(\d+)\/P:\d+|(\d+))$/.exec(text);
  const place = digits?.[1] ?? digits?.[2];
  return place === undefined ? undefined : BigInt(place);
}

/** How GetInfo shows a start, and how it is stored: `0`, `-1`, `5`; in `$all` `C:0/P:0`, `C:-1/P:-1`, `C:n/P:m`. */
export function formatStartFrom(stream: string, start: StartFrom): string {
  switch (start.is) {
    case 'start':
      return formatPlace(stream, 0n);
    case 'end':
      return formatPlace(stream, -1n);
    case 'revision':
      return String(start.revision);
    case 'position':
      return `C:${start.commit}/P:${start.prepare}`;
  }
}

/** The inverse of `formatStartFrom`. Throws on any other text. */
export function parseStartFrom(text: string): StartFrom {
  const parts = /^(?:C:(-?\d+)\/P:(-?\d+)|(-?\d+))$/.exec(text);
  const [, commit, prepare, revision] = parts ?? [];
  if (commit === '-1' || revision === '-1') return { is: 'end' };
  if (commit !== undefined && prepare !== undefined) {
    return commit === '0' && prepare === '0'
      ? { is: 'start' }
      : { is: 'position', commit: BigInt(commit), prepare: BigInt(prepare) };
  }
  if (revision === undefined) throw new Error(`no start position: ${text}`);
  return revision === '0' ? { is: 'start' } : { is: 'revision', revision: BigInt(revision) };
}

/** What the checks of a create or update need to know besides the request. */
export interface Subject {
  readonly stream: string;
  readonly group: string;
  /** Position of the last event of the log. */
  readonly head: number;
}

/** Unknown strategy, then a start the log does not reach: the first two checks of create and update. */
export function checkStrategyAndStart(settings: GroupSettings, { stream, group, head }: Subject): void {
  const failed = (reason: string): StatusError => groupFailed(stream, group, reason);
  if (!isConsumerStrategyName(settings.consumerStrategy)) {
    throw failed(`Consumer strategy ${settings.consumerStrategy} does not exist.`);
  }
  const { startFrom } = settings;
  if (startFrom.is === 'revision' && startFrom.revision > MAX64) {
    throw failed('Invalid Start From position: event number must be greater than or equal to -1.');
  }
  if (startFrom.is !== 'position') return;
  if (startFrom.prepare > startFrom.commit) {
    throw failed('Invalid Start From position: prepare position must be less than or equal to the commit position.');
  }
  if (startFrom.commit > BigInt(head)) {
    throw failed(
      'Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.',
    );
  }
}

/** The last check of create and update, after that for the group itself. */
export function checkBufferSizes({ readBatchSize, historyBufferSize }: GroupSettings, subject: Subject): void {
  if (readBatchSize < historyBufferSize) return;
  throw groupFailed(
    subject.stream,
    subject.group,
    "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')",
  );
}
