import fc from 'fast-check';
import { MessageEvent, PushedEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { MessageCommand, messageDecider } from './message.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const pushed = {
  appId: id(1),
  ownerId: id(2),
  personId: id(3),
  bindingId: id(4),
  consentId: id(5),
  bindingRevision: 0,
  content: `v1.${id(3)}.aa.bb`,
  contentHash: 'a'.repeat(64),
  priority: 'normal' as const,
  at: '2026-11-22T09:00:00.000Z',
};
const message = specFor(messageDecider);

describe('pushing', () => {
  it('accepts a push', () =>
    message
      .given()
      .when({ type: 'Push', ...pushed })
      .then({ type: 'message.pushed', data: pushed }));

  it('says nothing when the same push comes again, later and sealed anew', () =>
    message
      .given({ type: 'message.pushed', data: pushed })
      .when({ type: 'Push', ...pushed, content: `v1.${id(3)}.cc.dd`, at: '2026-11-22T09:00:05.000Z' })
      .thenNothing());

  it('refuses another content under the same id', () =>
    message
      .given({ type: 'message.pushed', data: pushed })
      .when({ type: 'Push', ...pushed, contentHash: 'b'.repeat(64) })
      .thenRefused('idempotency.mismatch'));

  it('keeps one push a stream, whatever comes', () => {
    const change = fc.record({
      contentHash: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
      bindingId: fc.constantFrom(id(4), id(9)),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (sequence) => {
        const events: MessageEvent[] = [];
        for (const one of sequence) {
          const command: MessageCommand = { type: 'Push', ...pushed, ...one };
          const decide = () => messageDecider.decide(command, stateOf(events));
          try {
            events.push(...decide());
            expect(decide()).toEqual([]);
          } catch (error) {
            expect(error).toMatchObject({ code: 'idempotency.mismatch' });
          }
        }
        expect(events).toHaveLength(sequence.length === 0 ? 0 : 1);
      }),
    );
  });
});

const sendAt = '2026-11-29T09:00:00.000Z';
const expiresAt = '2026-11-29T10:00:00.000Z';
const early = '2026-11-29T08:59:59.999Z';
const at = '2026-11-29T09:00:00.000Z';
const stateOf = (events: readonly MessageEvent[]) => events.reduce(messageDecider.evolve, messageDecider.initial);
const later = { ...pushed, sendAt, expiresAt };
const scheduled: [PushedEvent, MessageEvent] = [
  { type: 'message.pushed', data: later },
  { type: 'message.scheduled', data: { number: 1, sendAt, at: pushed.at } },
];
const fired: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 7, at } };
const recalled: MessageEvent = { type: 'message.recalled', data: { at } };
const expired: MessageEvent = { type: 'message.expired', data: { epoch: 7, at: expiresAt } };
const fire = { type: 'Fire', number: 1, epoch: 7, at } as const;
const expire = { type: 'Expire', epoch: 7, at: expiresAt } as const;
const recall = { type: 'Recall', at } as const;

describe('a push that waits for its time', () => {
  it('is scheduled as it is accepted', () =>
    message
      .given()
      .when({ type: 'Push', ...later })
      .then(...scheduled));
  it('fires when it has come', () =>
    message
      .given(...scheduled)
      .when(fire)
      .then(fired));
  it('does not fire early, whatever the clock of the scheduler says of itself', () =>
    message
      .given(...scheduled)
      .when({ ...fire, at: early })
      .thenNothing());
  it('fires once, whoever asks again', () =>
    message
      .given(...scheduled, fired)
      .when({ ...fire, epoch: 8 })
      .thenNothing());
  it('does not fire for another appointment', () =>
    message
      .given(...scheduled)
      .when({ ...fire, number: 2 })
      .thenNothing());
  it('does not fire once it was taken back', () =>
    message
      .given(...scheduled, recalled)
      .when(fire)
      .thenNothing());
  it('is taken back once', () =>
    message
      .given(...scheduled, recalled)
      .when(recall)
      .thenNothing());
  it('can be taken back after it has fired, and after its time', () => {
    message
      .given(...scheduled, fired)
      .when(recall)
      .then(recalled);
    message
      .given(...scheduled, fired, expired)
      .when(recall)
      .then(recalled);
  });
  it('is over at its time, once', () => {
    message
      .given(...scheduled, fired)
      .when(expire)
      .then(expired);
    message
      .given(...scheduled, fired, expired)
      .when(expire)
      .thenNothing();
  });
  it('is not over early, nor when it has no end', () => {
    message
      .given(...scheduled)
      .when({ ...expire, at })
      .thenNothing();
    message.given({ type: 'message.pushed', data: pushed }).when(expire).thenNothing();
  });
  it.each([fire, expire, recall])('is unknown to %j when there is none', (command) =>
    message.given().when(command).thenRefused('push.unknown'),
  );

  it('fires at most once, never early, and not after it was taken back, whatever comes in whatever order', () => {
    const time = fc.constantFrom(early, at, expiresAt);
    const command: fc.Arbitrary<MessageCommand> = fc.oneof(
      fc.record({ type: fc.constant('Fire' as const), number: fc.constantFrom(1, 2), epoch: fc.nat(9), at: time }),
      fc.record({ type: fc.constant('Expire' as const), epoch: fc.nat(9), at: time }),
      fc.record({ type: fc.constant('Recall' as const), at: time }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const events: MessageEvent[] = [...scheduled];
        for (const one of commands) events.push(...messageDecider.decide(one, stateOf(events)));
        const types = events.map(({ type }) => type);
        const firings = events.filter(({ type }) => type === 'message.fired');
        expect(firings.length).toBeLessThanOrEqual(1);
        expect(firings.every(({ data }) => data.at >= sendAt)).toBe(true);
        for (const last of ['message.recalled', 'message.expired'] as const) {
          if (types.includes(last)) expect(types.slice(types.indexOf(last))).not.toContain('message.fired');
        }
      }),
    );
  });
});
