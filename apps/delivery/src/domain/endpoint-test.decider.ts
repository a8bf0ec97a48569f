import { EndpointTestEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** The window of both limits, in milliseconds. */
export const testWindowMs = 24 * 3_600_000;
/** The most test messages within the window: to one endpoint, and to all of a person's together. */
export const testsMax = { endpoint: 10, person: 30 } as const;

/** A person's tests within the window, oldest first. */
export type EndpointTests = readonly EndpointTestEvent['data'][];

/** `testId` derives from the command, so a repeat counts once. */
export type TestEndpoint = { readonly type: 'Test' } & EndpointTestEvent['data'];

/** Counts test messages, so that nobody can make somebody's server busy with them. */
export const endpointTestDecider: Decider<EndpointTests, TestEndpoint, EndpointTestEvent> = {
  initial: [],

  decide({ type: _, ...test }, tests) {
    if (tests.some(({ testId }) => testId === test.testId)) return [];
    const counted = recent(tests, test.at);
    const ofEndpoint = counted.filter(({ endpointId }) => endpointId === test.endpointId);
    assertFew(ofEndpoint, testsMax.endpoint, test.at);
    assertFew(counted, testsMax.person, test.at);
    return [{ type: 'endpoint_test.begun', data: test }];
  },

  evolve: (tests, { data }) => [...recent(tests, data.at), data],
};

const recent = (tests: EndpointTests, at: IsoTime): EndpointTests => {
  const since = plusMs(at, -testWindowMs);
  return tests.filter((test) => test.at > since);
};

function assertFew(tests: EndpointTests, max: number, at: IsoTime): void {
  const blocking = tests.at(-max);
  if (!blocking) return;
  const retryAfter = Math.ceil((Date.parse(blocking.at) + testWindowMs - Date.parse(at)) / 1_000);
  throw new HarkError('refused', 'endpoint.too-many-tests', 'as many tests were sent as a day allows', {
    extra: { max, retryAfter },
  });
}
