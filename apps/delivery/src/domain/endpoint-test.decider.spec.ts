import { EndpointTestEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { endpointTestDecider, testsMax, testWindowMs } from './endpoint-test.decider';

const at = '2026-11-22T09:00:00.000Z';
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const begun = (n: number, endpoint: number, when = at): EndpointTestEvent => ({
  type: 'endpoint_test.begun',
  data: { testId: id(n), endpointId: id(endpoint), at: when },
});
const test = (n: number, endpoint: number, when = at) =>
  ({ type: 'Test', testId: id(n), endpointId: id(endpoint), at: when }) as const;
const many = (count: number, endpointOf: (n: number) => number) =>
  Array.from({ length: count }, (_, n) => begun(n, endpointOf(n)));
const tests = specFor(endpointTestDecider);

describe('test messages', () => {
  it('are counted before they leave, a repeat once', () => {
    tests.given().when(test(1, 500)).then(begun(1, 500));
    tests.given(begun(1, 500)).when(test(1, 500)).thenNothing();
  });

  it('are ten a day for an endpoint and thirty for its person, and come back with the day', () => {
    const spent = many(testsMax.endpoint, () => 500);
    tests
      .given(...spent)
      .when(test(99, 500))
      .thenRefused('endpoint.too-many-tests');
    tests
      .given(...spent)
      .when(test(99, 501))
      .then(begun(99, 501));
    const next = plusMs(at, testWindowMs);
    tests
      .given(...spent)
      .when(test(99, 500, next))
      .then(begun(99, 500, next));
    tests
      .given(...many(testsMax.person, (n) => 500 + (n % 5)))
      .when(test(99, 900))
      .thenRefused('endpoint.too-many-tests');
  });
});
