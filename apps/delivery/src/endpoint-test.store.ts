import { Injectable } from '@nestjs/common';
import { EndpointTestEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { endpointTestDecider, EndpointTests, TestEndpoint } from './domain/endpoint-test.decider';

/** The `endpoint_test-` streams, one for each person who tests. Only this service writes them. */
@Injectable()
export class EndpointTestStore extends DeciderStore<EndpointTests, TestEndpoint, EndpointTestEvent> {
  constructor(store: EventStore) {
    super(store, 'endpoint_test', endpointTestDecider, { entriesMax: 100 });
  }
}
