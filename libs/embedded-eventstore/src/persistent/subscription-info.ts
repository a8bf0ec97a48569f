import { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb';
import type { PersistentSubscription } from './persistent-subscription';
import type { Reader } from './reader';
import { formatPlace, formatStartFrom } from './settings';

/** A group as GetInfo and List show it. Averages count from the last time anybody looked. */
export function subscriptionInfo(subscription: PersistentSubscription, nowMs: number): SubscriptionInfo {
  const { config, group, lastMeasurement, parker, checkpoints } = subscription;
  const { settings, stream } = config;
  const place = (at: bigint | undefined): string => (at === undefined ? '' : formatPlace(stream, at));
  const elapsedMs = nowMs - lastMeasurement.atMs;
  const items = group.totalItems - lastMeasurement.items;
  lastMeasurement.items = group.totalItems;
  lastMeasurement.atMs = nowMs;
  const readers = [...group.readers];
  return new SubscriptionInfo()
    .setEventSource(stream)
    .setGroupName(config.group)
    .setStatus(subscription.status)
    .setConnectionsList(readers.map((reader) => connectionInfo(reader, elapsedMs)))
    .setAveragePerSecond(perSecond(items, elapsedMs))
    .setTotalItems(String(group.totalItems))
    .setCountSinceLastMeasurement(String(items))
    .setLastCheckpointedEventPosition(place(checkpoints.checkpoint))
    .setLastKnownEventPosition(place(subscription.lastKnown))
    .setResolveLinkTos(settings.resolveLinkTos)
    .setStartFrom(formatStartFrom(stream, settings.startFrom))
    .setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkPointAfterMs)
    .setMinCheckPointCount(settings.minCheckPointCount)
    .setMaxCheckPointCount(settings.maxCheckPointCount)
    .setReadBufferCount(group.readBufferCount)
    .setLiveBufferCount('0')
    .setRetryBufferCount(group.retryBufferCount)
    .setTotalInFlightMessages(readers.reduce((sum, reader) => sum + reader.inFlight, 0))
    .setOutstandingMessagesCount(group.outstandingCount)
    .setNamedConsumerStrategy(settings.consumerStrategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setParkedMessageCount(String(parker.count));
}

function connectionInfo(reader: Reader, elapsedMs: number): SubscriptionInfo.ConnectionInfo {
  const items = reader.totalItems - reader.lastTotalItems;
  reader.lastTotalItems = reader.totalItems;
  const measurements = reader.statistics?.measurements() ?? [];
  return new SubscriptionInfo.ConnectionInfo()
    .setUsername(reader.identity.username)
    .setConnectionName(reader.identity.connectionName)
    .setAverageItemsPerSecond(perSecond(items, elapsedMs))
    .setTotalItems(String(reader.totalItems))
    .setCountSinceLastMeasurement(String(items))
    .setAvailableSlots(reader.availableSlots)
    .setInFlightMessages(reader.inFlight)
    .setObservedMeasurementsList(
      measurements.map(([key, ms]) => new SubscriptionInfo.Measurement().setKey(key).setValue(String(ms))),
    );
}

const perSecond = (items: number, elapsedMs: number): number =>
  elapsedMs > 0 ? Math.floor((items * 1_000) / elapsedMs) : 0;
