import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  persistentSubscriptionToAllSettingsFromDefaults,
} from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';

/** Where EventStoreDB 24.10 and the embedded store keep their groups; the last event counts. */
const configStream = '$persistentSubscriptionConfig';
const allStream = '$all';

/** The part of a stored group that its readers' code decided. */
interface StoredGroup {
  readonly stream: string;
  readonly group: string;
  readonly namedConsumerStrategy: 'RoundRobin';
  readonly filter?: { readonly regex?: string };
  readonly messageTimeout: number;
  readonly liveBufferSize: number;
  readonly historyBufferSize: number;
  readonly maxRetryCount: number;
  readonly readBatchSize: number;
  readonly checkPointAfter: number;
  readonly minCheckPointCount: number;
  readonly maxCheckPointCount: number;
}

/**
 * Makes every group anew at the end of the log, with its settings and filter, so that what stands in the log is offered
 * to no reactor. Only while nobody reads: the hub must be stopped. Answers the groups' names.
 */
export async function moveGroupsToEnd(client: EventStoreDBClient): Promise<readonly string[]> {
  const groups = (await storedGroups(client)).filter(({ stream }) => stream === allStream);
  for (const { group, filter, namedConsumerStrategy, ...stored } of groups) {
    const settings = persistentSubscriptionToAllSettingsFromDefaults({
      messageTimeout: stored.messageTimeout,
      liveBufferSize: stored.liveBufferSize,
      historyBufferSize: stored.historyBufferSize,
      maxRetryCount: stored.maxRetryCount,
      readBatchSize: stored.readBatchSize,
      checkPointAfter: stored.checkPointAfter,
      checkPointLowerBound: stored.minCheckPointCount,
      checkPointUpperBound: stored.maxCheckPointCount,
      consumerStrategyName: namedConsumerStrategy,
      startFrom: END,
    });
    if (filter?.regex === undefined) throw unknownForm(group);
    await client.deletePersistentSubscriptionToAll(group);
    const options = { filter: eventTypeFilter({ regex: filter.regex }) };
    await client.createPersistentSubscriptionToAll(group, settings, options);
  }
  return groups.map(({ group }) => group);
}

async function storedGroups(client: EventStoreDBClient): Promise<readonly StoredGroup[]> {
  let groups: readonly StoredGroup[] | undefined;
  const latest = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
  // Read to its end: the client (6.2.1) never finishes disposing of a read that was left.
  for await (const { event } of client.readStream(configStream, latest)) {
    if (!event) continue;
    const data: unknown = event.isJson ? event.data : JSON.parse(Buffer.from(event.data).toString());
    groups = (data as { entries: readonly StoredGroup[] }).entries;
  }
  if (!groups) throw unknownForm(configStream);
  return groups;
}

const unknownForm = (what: string): HarkError =>
  new HarkError('unavailable', 'bench.no-groups', `the store keeps ${what} in another form than the bench knows`);
