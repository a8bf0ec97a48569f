import type { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { MAXU64, streamName } from '../codec';
import { type FilterOptionsMessage, type FilterSettings, readFilter } from '../filter';
import { invalidArgument, unknownError } from '../service-error';
import { allStream, type ConsumerStrategyName, type GroupSettings, type StartFrom } from './settings';

const ticksPerMs = 10_000n;
/** By their number on the wire; the others can only be asked for by name. */
const numberedStrategies: readonly ConsumerStrategyName[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

/** The members that the settings of `CreateReq` and of `UpdateReq` share; the strategy by name is create's alone. */
interface SettingsMessage {
  getResolveLinks(): boolean;
  getRevision(): string;
  getExtraStatistics(): boolean;
  getMaxRetryCount(): number;
  getMinCheckpointCount(): number;
  getMaxCheckpointCount(): number;
  getMaxSubscriberCount(): number;
  getLiveBufferSize(): number;
  getReadBatchSize(): number;
  getHistoryBufferSize(): number;
  getNamedConsumerStrategy(): number;
  hasMessageTimeoutTicks(): boolean;
  getMessageTimeoutTicks(): string;
  getMessageTimeoutMs(): number;
  hasCheckpointAfterTicks(): boolean;
  getCheckpointAfterTicks(): string;
  getCheckpointAfterMs(): number;
  getConsumerStrategy?(): string;
}

interface StreamOptionsMessage {
  getStreamIdentifier(): StreamIdentifier | undefined;
  hasRevision(): boolean;
  getRevision(): string;
  hasStart(): boolean;
  hasEnd(): boolean;
}

interface AllOptionsMessage {
  hasPosition(): boolean;
  getPosition(): { getCommitPosition(): string; getPreparePosition(): string } | undefined;
  hasStart(): boolean;
  hasEnd(): boolean;
  getFilter?(): FilterOptionsMessage | undefined;
}

/** What create and update have in common. */
export interface GroupOptionsMessage {
  getStream(): StreamOptionsMessage | undefined;
  getAll(): AllOptionsMessage | undefined;
  getStreamIdentifier(): StreamIdentifier | undefined;
  getGroupName(): string;
  getSettings(): SettingsMessage | undefined;
}

/** A create or update request in this server's own terms. */
export interface GroupRequest {
  /** `$all` only when the request used the form meant for it; see `byStreamForm`. */
  readonly stream: string;
  readonly group: string;
  /** The request named a stream. `$all` may not be reached that way. */
  readonly byStreamForm: boolean;
  readonly settings: GroupSettings;
  readonly filter: FilterSettings | undefined;
}

/** Reads the options of a create or update, in the form of this client (stream outside the choice) or the newer one. */
export function readGroupRequest(options: GroupOptionsMessage | undefined): GroupRequest {
  const settings = options?.getSettings();
  if (options === undefined || settings === undefined) throw unknownError();
  const all = options.getAll();
  const chosen = options.getStream();
  const filter = all?.getFilter?.();
  return {
    stream: all === undefined ? streamName(chosen?.getStreamIdentifier() ?? options.getStreamIdentifier()) : allStream,
    group: options.getGroupName(),
    byStreamForm: all === undefined,
    settings: readSettings(settings, startOf(all, chosen, settings)),
    filter: filter === undefined ? undefined : readFilter(filter),
  };
}

function startOf(
  all: AllOptionsMessage | undefined,
  stream: StreamOptionsMessage | undefined,
  settings: SettingsMessage,
): StartFrom {
  if (all !== undefined) {
    const position = all.getPosition();
    if (position === undefined) return startOrEnd(all);
    return startOfPosition(position.getCommitPosition(), position.getPreparePosition());
  }
  if (stream === undefined) return startOfRevision(settings.getRevision());
  return stream.hasRevision() ? startOfRevision(stream.getRevision()) : startOrEnd(stream);
}

function startOrEnd(chosen: { hasStart(): boolean; hasEnd(): boolean }): StartFrom {
  if (chosen.hasStart()) return { is: 'start' };
  if (chosen.hasEnd()) return { is: 'end' };
  throw invalidArgument('where the group starts is missing');
}

function startOfRevision(revision: string): StartFrom {
  if (revision === MAXU64) return { is: 'end' };
  return BigInt(revision) === 0n ? { is: 'start' } : { is: 'revision', revision: BigInt(revision) };
}

function startOfPosition(commit: string, prepare: string): StartFrom {
  if (commit === MAXU64 && prepare === MAXU64) return { is: 'end' };
  if (BigInt(commit) === 0n && BigInt(prepare) === 0n) return { is: 'start' };
  return { is: 'position', commit: BigInt(commit), prepare: BigInt(prepare) };
}

function readSettings(message: SettingsMessage, startFrom: StartFrom): GroupSettings {
  const named = message.getConsumerStrategy?.() ?? '';
  const number = message.getNamedConsumerStrategy();
  return {
    startFrom,
    resolveLinkTos: message.getResolveLinks(),
    extraStatistics: message.getExtraStatistics(),
    messageTimeoutMs: message.hasMessageTimeoutTicks()
      ? msOfTicks(message.getMessageTimeoutTicks())
      : message.getMessageTimeoutMs(),
    maxRetryCount: message.getMaxRetryCount(),
    checkPointAfterMs: message.hasCheckpointAfterTicks()
      ? msOfTicks(message.getCheckpointAfterTicks())
      : message.getCheckpointAfterMs(),
    minCheckPointCount: message.getMinCheckpointCount(),
    maxCheckPointCount: message.getMaxCheckpointCount(),
    maxSubscriberCount: message.getMaxSubscriberCount(),
    liveBufferSize: message.getLiveBufferSize(),
    readBatchSize: message.getReadBatchSize(),
    historyBufferSize: message.getHistoryBufferSize(),
    consumerStrategy: named === '' ? (numberedStrategies[number] ?? String(number)) : named,
  };
}

const msOfTicks = (ticks: string): number => Number(BigInt(ticks) / ticksPerMs);

/** The stream and group that a delete, read, get-info or replay names. Throws UNKNOWN when it names neither form. */
export function readGroupName(
  options:
    | {
        getStreamIdentifier(): StreamIdentifier | undefined;
        getAll(): Empty | undefined;
        getGroupName(): string;
      }
    | undefined,
): { stream: string; group: string; byStreamForm: boolean } {
  const stream = options?.getStreamIdentifier();
  const byStreamForm = options?.getAll() === undefined;
  if (options === undefined || (byStreamForm && stream === undefined)) throw unknownError();
  return { stream: byStreamForm ? streamName(stream) : allStream, group: options.getGroupName(), byStreamForm };
}
