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

  it('tells once why one of those it was to go to gets nothing', () => {
    const data = { number: 1, reason: 'binding.ended', at: pushed.at };
    const dropped: MessageEvent = { type: 'message.escalation-dropped', data };
    const given: MessageEvent = { type: 'message.pushed', data: pushed };
    const command = { type: 'DropEscalation' as const, ...data };
    message.given(given).when(command).then(dropped);
    message.given(given, dropped).when(command).thenNothing();
  });

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
/** What the command comes to; nothing when it is refused. */
function decided(command: MessageCommand, events: readonly MessageEvent[]): MessageEvent[] {
  try {
    return messageDecider.decide(command, stateOf(events));
  } catch {
    return [];
  }
}
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

  describe('and is changed by its sender', () => {
    const text = { content: `v1.${id(3)}.ee.ff`, contentHash: 'e'.repeat(64) };
    const edit = { type: 'Edit', basedOn: 0, inbox: 'awaited', at: pushed.at } as const;
    const who = { ownerId: id(2), personId: id(3) };
    const edited = (change: object): MessageEvent => ({
      type: 'message.edited',
      data: { ...who, ...change, at: pushed.at },
    });
    const moved = (number: number, to: string): MessageEvent => ({
      type: 'message.scheduled',
      data: { number, sendAt: to, at: pushed.at },
    });
    const newText = edited({ edition: 1, ...text });

    it('has another text, another time and another end', () => {
      const sooner = '2026-11-28T09:00:00.000Z';
      message
        .given(...scheduled)
        .when({ ...edit, text, sendAt: sooner, expiresAt: null })
        .then(edited({ edition: 1, ...text, expiresAt: null }), moved(2, sooner));
    });
    it('fires at the new time alone', () => {
      const after = '2026-11-29T09:30:00.000Z';
      const history = [...scheduled, moved(2, after)];
      message
        .given(...history)
        .when({ ...fire, at: after })
        .thenNothing();
      message
        .given(...history)
        .when({ ...fire, number: 2, at: after })
        .then({ type: 'message.fired', data: { number: 2, epoch: 7, at: after } });
    });
    it('is sent at once where that is asked', () =>
      message
        .given(...scheduled)
        .when({ ...edit, sendAt: null })
        .then(moved(2, pushed.at)));
    it('stays as it is when nothing differs', () => {
      message
        .given(...scheduled)
        .when({ ...edit, sendAt, expiresAt })
        .thenNothing();
      message
        .given(...scheduled, fired)
        .when({ ...edit, sendAt: null, at })
        .thenNothing();
    });
    it('takes a text for the one in the inbox, and no other time', () => {
      message
        .given(...scheduled, fired)
        .when({ ...edit, inbox: 'filed', text })
        .then(newText);
      for (const times of [{ sendAt: '2026-11-30T09:00:00.000Z' }, { expiresAt: null }]) {
        message
          .given(...scheduled, fired)
          .when({ ...edit, inbox: 'filed', ...times })
          .thenRefused('push.sent');
      }
    });
    it('is as loud as its sender said last, also after it was filed', () => {
      for (const inbox of ['awaited', 'filed'] as const) {
        const raise = { ...edit, inbox, priority: 'high' } as const;
        const raised = edited({ priority: 'high' });
        message
          .given(...scheduled)
          .when(raise)
          .then(raised);
        message
          .given(...scheduled, raised)
          .when(raise)
          .thenNothing();
        message
          .given(...scheduled, raised)
          .when({ ...raise, priority: 'normal', text })
          .then(edited({ edition: 1, ...text, priority: 'normal' }));
      }
      message
        .given(...scheduled, fired)
        .when({ ...edit, inbox: 'acknowledged', priority: 'high' })
        .thenRefused('push.acknowledged');
    });
    it.each([
      ['push.recalled', [recalled], {}],
      ['push.expired', [expired], {}],
      ['push.expired', [fired], { at: expiresAt }],
      ['push.acknowledged', [fired], { inbox: 'acknowledged' }],
      ['push.not-filed', [fired], { inbox: 'refused' }],
      ['push.edited-meanwhile', [edited({ edition: 1, content: text.content, contentHash: 'f'.repeat(64) })], {}],
      ['push.too-many-edits', [edited({ edition: 50, ...text, contentHash: 'f'.repeat(64) })], { basedOn: 50 }],
    ] as const)('is not: %s', (code, more, command) =>
      message
        .given(...scheduled, ...more)
        .when({ ...edit, text, ...command })
        .thenRefused(code),
    );
  });

  it('fires at most once, never early, and not after it was taken back, whatever comes in whatever order', () => {
    const time = fc.constantFrom(early, at, expiresAt);
    const command: fc.Arbitrary<MessageCommand> = fc.oneof(
      fc.record({ type: fc.constant('Fire' as const), number: fc.constantFrom(1, 2, 3), epoch: fc.nat(9), at: time }),
      fc.record({ type: fc.constant('Expire' as const), epoch: fc.nat(9), at: time }),
      fc.record({ type: fc.constant('Recall' as const), at: time }),
      fc.record({
        type: fc.constant('Edit' as const),
        basedOn: fc.nat(2),
        inbox: fc.constantFrom('awaited' as const, 'filed' as const),
        sendAt: fc.constantFrom(sendAt, expiresAt, null, undefined),
        at: time,
      }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const events: MessageEvent[] = [...scheduled];
        for (const one of commands) events.push(...decided(one, events));
        const types = events.map(({ type }) => type);
        const firings = events.filter(({ type }) => type === 'message.fired');
        expect(firings.length).toBeLessThanOrEqual(1);
        const appointed = events.flatMap((event) => (event.type === 'message.scheduled' ? [event.data] : []));
        for (const { data } of firings) {
          const { sendAt: due } = appointed.find(({ number }) => 'number' in data && number === data.number)!;
          expect(data.at >= due).toBe(true);
        }
        for (const last of ['message.recalled', 'message.expired'] as const) {
          if (types.includes(last)) expect(types.slice(types.indexOf(last))).not.toContain('message.fired');
        }
      }),
    );
  });
});
