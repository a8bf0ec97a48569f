import { DeliveryEvent, UserEvent } from '@hark/contracts';
import { FixedClock, uuid7 } from '@hark/kernel';
import { reactorSpec, stream } from '@hark/testing';
import { UserStore } from '../user.store';
import { NoteTroubleReactor } from './note-trouble.reactor';

const at = '2026-01-05T09:00:00.000Z';
const sealed = `v1.${uuid7()}.AAAA.AAAA`;
const [personId, endpointId, pushId] = [uuid7(), uuid7(), uuid7()];
const person: UserEvent[] = [
  { type: 'user.registered', data: { provider: 'wechat', subject: sealed, subjectHash: 'a'.repeat(64), at } },
  {
    type: 'user.endpoint-added',
    data: { endpointId, kind: 'bark', address: sealed, addressHash: 'a'.repeat(64), at },
  },
];
const decided: DeliveryEvent = {
  type: 'delivery.decided',
  data: {
    ...{ appId: uuid7(), ownerId: uuid7(), personId, bindingId: uuid7() },
    ...{ bindingRevision: 0, standingRevision: -1, decision: 'deliver', muted: false, at },
    endpoints: [{ endpointId, kind: 'bark' }],
  },
};
const failed = (failure: string, final: boolean) =>
  ({
    type: 'delivery.failed',
    data: { attemptId: uuid7(), endpointId, channel: 'bark', class: failure, final, at },
  }) satisfies DeliveryEvent;

describe('a message that did not arrive', () => {
  const reactor = reactorSpec((store) => new NoteTroubleReactor(store, new UserStore(store), new FixedClock(at)));
  const given = () => reactor.given(stream(personId, ...person), stream(pushId, decided));

  it('is kept with its endpoint, in a word', () =>
    given()
      .when(stream(pushId, failed('CONFIG', true)))
      .thenAppended(
        stream(personId, { type: 'user.endpoint-troubled', data: { endpointId, reason: 'server-refused', at } }),
      ));

  it.each([
    ['while it may still arrive', 'TRANSIENT', false],
    ['where the endpoint is switched off anyway', 'RECIPIENT_GONE', true],
  ])('is not, %s', (_, failure, final) =>
    given()
      .when(stream(pushId, failed(failure, final)))
      .thenNothing(),
  );
});
