import fc from 'fast-check';
import { DeliveryEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { Attempt, DeliveryCommand, deliveryDecider, TakenBack } from './delivery.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = '2026-11-22T09:00:00.000Z';
const later = '2026-11-22T09:00:10.000Z';
const phone = id(10);
const mail = id(11);
const ids = { appId: id(1), ownerId: id(2), personId: id(3), bindingId: id(4) };
const decidedData = {
  ...ids,
  bindingRevision: 3,
  standingRevision: -1,
  decision: 'deliver' as const,
  level: 'strong' as const,
  muted: false,
  endpoints: [
    { endpointId: phone, kind: 'bark' },
    { endpointId: mail, kind: 'email' },
  ],
  at,
};
const filedData = { ...ids, content: `v1.${id(3)}.aa.bb`, pushedAt: at, at };
const attempt = (n: number, endpointId: string): Attempt => ({
  attemptId: id(100 + n),
  endpointId,
  channel: endpointId === phone ? 'bark' : 'email',
  dedupeId: 'd',
  bindingRevision: 3,
  at,
});
const decided: DeliveryEvent = { type: 'delivery.decided', data: decidedData };
const filed: DeliveryEvent = { type: 'delivery.filed', data: filedData };
const attempted = (n: number, endpointId: string): DeliveryEvent => ({
  type: 'delivery.attempted',
  data: attempt(n, endpointId),
});
const ref = (n: number, endpointId: string) => ({
  attemptId: id(100 + n),
  endpointId,
  channel: endpointId === phone ? 'bark' : 'email',
});
const sent = (n: number, endpointId: string): DeliveryEvent => ({
  type: 'delivery.sent',
  data: { ...ref(n, endpointId), at },
});
const deferred = (n: number, endpointId: string, number: number): DeliveryEvent => {
  const { channel, attemptId } = ref(n, endpointId);
  return {
    type: 'delivery.deferred',
    data: { endpointId, channel, number, reason: 'TRANSIENT', retryAt: later, attemptId, at },
  };
};
const passingly = (n: number, endpointId: string): DeliveryEvent => ({
  type: 'delivery.failed',
  data: { ...ref(n, endpointId), class: 'TRANSIENT', final: false, at },
});
const resumed = (endpointId: string, number: number, epoch = 7): DeliveryEvent => ({
  type: 'delivery.resumed',
  data: { endpointId, number, epoch, at: later },
});
const delivery = specFor(deliveryDecider);

describe('while the person wants quiet', () => {
  const until = '2026-11-23T07:00:00.000Z';
  const why = { reason: 'quiet-hours', until };
  const waits: DeliveryEvent = { type: 'delivery.decided', data: { ...decidedData, decision: 'defer', ...why } };
  const waitsInInbox: DeliveryEvent = { type: 'delivery.filed', data: { ...filedData, ...why } };
  const postponed = (endpointId: string, number = 1, more: { attemptId?: string } = {}): DeliveryEvent => {
    const { channel } = ref(1, endpointId);
    const data = { endpointId, channel, number, reason: 'quiet-hours', retryAt: until, ...more, at };
    return { type: 'delivery.postponed', data };
  };
  const begun: [DeliveryEvent, ...DeliveryEvent[]] = [waits, waitsInInbox, postponed(phone), postponed(mail)];
  const decide: DeliveryCommand = {
    type: 'Decide',
    decided: { ...decidedData, decision: 'defer', ...why },
    filed: { ...filedData, ...why },
    attempts: [attempt(1, phone), attempt(2, mail)],
  };
  const postpone: DeliveryCommand = { type: 'Postpone', endpointId: phone, reason: 'quiet-hours', until, at };

  it('files at once, tries nothing, and is not over', () => {
    delivery
      .given()
      .when(decide)
      .then(...begun);
    delivery
      .given(...begun)
      .when({ type: 'Attempt', attempt: attempt(1, phone) })
      .thenNothing();
  });

  it('leaves to their turn those that come later', () => {
    const turns = { inTurn: [phone, mail] };
    const data = { ...decidedData, ...turns, decision: 'defer' as const, ...why };
    const inTurn: DeliveryEvent = { type: 'delivery.decided', data };
    delivery
      .given()
      .when({ ...decide, decided: inTurn.data, attempts: [attempt(1, phone)] })
      .then(inTurn, waitsInInbox, postponed(phone));
  });

  it('is taken up once, and may be put off again, which ends a try that was written down', () => {
    const resume: DeliveryCommand = { type: 'Resume', endpointId: phone, number: 1, epoch: 7, at: later };
    const taken = [...begun, resumed(phone, 1)];
    delivery
      .given(...begun)
      .when(resume)
      .then(resumed(phone, 1));
    delivery
      .given(...taken)
      .when(resume)
      .thenNothing();
    delivery
      .given(...taken)
      .when(postpone)
      .then(postponed(phone, 2));
    delivery
      .given(...taken, attempted(1, phone))
      .when(postpone)
      .then(postponed(phone, 2, { attemptId: id(101) }));
    delivery
      .given(...begun)
      .when(postpone)
      .thenNothing();
  });

  it('has a day from when it may ring; once tried, its time runs', () => {
    const dueAt = (...events: DeliveryEvent[]) => {
      const state = events.reduce(deliveryDecider.evolve, deliveryDecider.initial);
      return state.is === 'absent' ? undefined : state.dueAt;
    };
    expect(dueAt(decided)).toBe(at);
    expect(dueAt(...begun)).toBe(until);
    const tried = [decided, filed, attempted(1, phone), passingly(1, phone), deferred(1, phone, 1), resumed(phone, 1)];
    expect(dueAt(...tried, postponed(phone, 2))).toBe(at);
  });
});

describe('another text for one in the inbox', () => {
  const text = (edition: number) => ({ edition, content: `v1.${id(3)}.cc.dd`, contentHash: 'c'.repeat(64), at });
  const replaced = (edition: number): DeliveryEvent => ({ type: 'delivery.replaced', data: text(edition) });
  const replace = (edition: number): DeliveryCommand => ({ type: 'Replace', replaced: text(edition) });
  const again: Attempt = { ...attempt(3, phone), edition: 1 };
  const attemptedAgain: DeliveryEvent = { type: 'delivery.attempted', data: again };
  const finished: DeliveryEvent = { type: 'delivery.finished', data: { outcome: 'delivered', at } };
  const done = [decided, filed, attempted(1, phone), attempted(2, mail), sent(1, phone), sent(2, mail), finished];

  it('takes its place, also after the end', () => {
    delivery.given(decided, filed).when(replace(1)).then(replaced(1));
    delivery
      .given(...done)
      .when(replace(1))
      .then(replaced(1));
  });
  it('never takes the place of a later one, nor of nothing', () => {
    delivery
      .given(...done, replaced(2))
      .when(replace(1))
      .thenNothing();
    delivery.given(decided).when(replace(1)).thenNothing();
    delivery.when(replace(1)).thenNothing();
  });
  it('is sent once to an endpoint that took an earlier one, whose delivery does not end again', () => {
    delivery
      .given(...done, replaced(1))
      .when({ type: 'Attempt', attempt: again })
      .then(attemptedAgain);
    delivery
      .given(...done, replaced(1), attemptedAgain)
      .when({ type: 'Settle', attemptId: id(103), outcome: { is: 'sent' }, at })
      .then(sent(3, phone));
    delivery
      .given(...done, replaced(1), attemptedAgain, sent(3, phone))
      .when({ type: 'Attempt', attempt: { ...again, attemptId: id(104) } })
      .thenNothing();
  });
  it('is put off there like a push, ends each try, and gives way to a reminder or a refusal', () => {
    const outcome = { is: 'failed', class: 'TRANSIENT', retryAt: later } as const;
    const waits = [passingly(3, phone), deferred(3, phone, 1)] as const;
    delivery
      .given(...done, replaced(1), attemptedAgain)
      .when({ type: 'Settle', attemptId: id(103), outcome, at })
      .then(...waits);
    const resume: DeliveryCommand = { type: 'Resume', endpointId: phone, number: 1, epoch: 7, at: later };
    const waiting = [...done, replaced(1), attemptedAgain, ...waits];
    delivery
      .given(...waiting)
      .when({ type: 'Attempt', attempt: { ...again, attemptId: id(104) } })
      .thenNothing();
    delivery
      .given(...waiting)
      .when(resume)
      .then(resumed(phone, 1));
    delivery
      .given(...waiting, resumed(phone, 1))
      .when(resume)
      .thenNothing();
    const postpone: DeliveryCommand = {
      type: 'Postpone',
      endpointId: phone,
      reason: 'quiet-hours',
      until: later,
      at,
    };
    const postponed = { endpointId: phone, channel: 'bark', number: 1, reason: 'quiet-hours', retryAt: later };
    delivery
      .given(...done, replaced(1))
      .when(postpone)
      .then({ type: 'delivery.postponed', data: { ...postponed, at } });
    delivery
      .given(...done)
      .when(postpone)
      .thenNothing();
    const suppress: DeliveryCommand = { type: 'Suppress', endpointId: phone, reason: 'unbound', at };
    delivery
      .given(...done, replaced(1), attemptedAgain)
      .when(suppress)
      .then({ type: 'delivery.suppressed', data: { endpointId: phone, channel: 'bark', reason: 'unbound', at } });
    delivery
      .given(...done, replaced(1))
      .when(suppress)
      .thenNothing();
  });
  it('may fail there without anything else', () =>
    delivery
      .given(...done, replaced(1), attemptedAgain)
      .when({ type: 'Settle', attemptId: id(103), outcome: { is: 'failed', class: 'TRANSIENT' }, at })
      .then({ type: 'delivery.failed', data: { ...ref(3, phone), class: 'TRANSIENT', final: true, at } }));
  it('is not sent where nothing was taken', () =>
    delivery
      .given(decided, filed, attempted(1, phone))
      .when({ type: 'Attempt', attempt: { ...again, endpointId: mail } })
      .then({ type: 'delivery.attempted', data: { ...again, endpointId: mail } }));
});

describe('a push that its sender took back', () => {
  const calledOff: DeliveryEvent = { type: 'delivery.called-off', data: { at } };
  const callOff: DeliveryCommand = { type: 'CallOff', at };
  const done = [decided, filed, attempted(1, phone), attempted(2, mail), sent(1, phone), sent(2, mail)] as const;
  const takeBack = (endpointId: string, result: TakenBack): DeliveryCommand => {
    return { type: 'TakeBack', endpointId, result, at };
  };
  const left = (number: number, retryAt?: string): DeliveryEvent => ({
    type: 'delivery.left-shown',
    data: { endpointId: phone, channel: 'bark', number, reason: 'TRANSIENT', ...(retryAt && { retryAt }), at },
  });
  const taken: DeliveryEvent = { type: 'delivery.taken-back', data: { endpointId: phone, channel: 'bark', at } };
  const again: DeliveryEvent = {
    type: 'delivery.take-back-resumed',
    data: { endpointId: phone, number: 1, epoch: 7, at },
  };
  const resume: DeliveryCommand = { type: 'ResumeTakeBack', endpointId: phone, number: 1, epoch: 7, at };

  it('is refused by whoever decides on it later, even on an older look', () => {
    delivery.given().when(callOff).then(calledOff);
    delivery.given(calledOff).when(callOff).thenNothing();
    const data = { ...decidedData, decision: 'refuse' as const, reason: 'recalled', endpoints: [] };
    delivery
      .given(calledOff)
      .when({ type: 'Decide', decided: decidedData, filed: filedData, attempts: [attempt(1, phone)] })
      .then(
        { type: 'delivery.decided', data },
        { type: 'delivery.finished', data: { outcome: 'suppressed', reason: 'recalled', at } },
      );
  });
  it('changes nothing about what is decided', () => delivery.given(decided, filed).when(callOff).thenNothing());
  it('is taken off each endpoint once', () => {
    delivery
      .given(...done)
      .when(takeBack(phone, { is: 'taken' }))
      .then(taken);
    delivery
      .given(...done, taken)
      .when(takeBack(phone, { is: 'taken' }))
      .thenNothing();
  });
  it('is not taken off an endpoint that never got it', () =>
    delivery
      .given(decided, filed, attempted(1, phone))
      .when(takeBack(phone, { is: 'taken' }))
      .thenNothing());
  it('is tried again when it is due, and not before; without a time never again', () => {
    const retry = { is: 'left', reason: 'TRANSIENT', retryAt: later } as const;
    delivery
      .given(...done)
      .when(takeBack(phone, retry))
      .then(left(1, later));
    delivery
      .given(...done, left(1, later))
      .when(takeBack(phone, retry))
      .thenNothing();
    delivery
      .given(...done, left(1, later))
      .when(resume)
      .then(again);
    delivery
      .given(...done, left(1, later), again)
      .when(resume)
      .thenNothing();
    delivery
      .given(...done, left(1, later), again)
      .when(takeBack(phone, { is: 'left', reason: 'TRANSIENT' }))
      .then(left(2));
    delivery
      .given(...done, left(1, later), again, left(2))
      .when(takeBack(phone, retry))
      .thenNothing();
  });
});

describe('endpoints in turn', () => {
  const decidedInTurn: DeliveryEvent = { type: 'delivery.decided', data: { ...decidedData, inTurn: [phone, mail] } };
  const passedOn: DeliveryEvent = {
    type: 'delivery.passed-on',
    data: { endpointId: mail, channel: 'email', number: 1, retryAt: at, at },
  };
  const begun = [decidedInTurn, filed, attempted(1, phone)];
  const settle = (n: number, outcome: object) =>
    ({ type: 'Settle', attemptId: id(100 + n), outcome, at }) as DeliveryCommand;
  const transient = { is: 'failed', class: 'TRANSIENT', retryAt: later };
  const failedFor = (n: number, endpointId: string, final: boolean, reason?: string): DeliveryEvent => ({
    type: 'delivery.failed',
    data: { ...ref(n, endpointId), class: 'TRANSIENT', ...(reason && { reason }), final, at },
  });

  it('are not tried once one took it', () =>
    delivery
      .given(...begun)
      .when(settle(1, { is: 'sent' }))
      .then(
        sent(1, phone),
        { type: 'delivery.suppressed', data: { endpointId: mail, channel: 'email', reason: 'not-needed', at } },
        { type: 'delivery.finished', data: { outcome: 'delivered', at } },
      ));

  it('get their turn at once when the one before did not take it, which is then given up', () => {
    delivery
      .given(...begun)
      .when(settle(1, transient))
      .then(failedFor(1, phone, true), passedOn);
    delivery
      .given(...begun)
      .when(settle(1, { is: 'unknown', class: 'UNKNOWN_OUTCOME', final: false, retryAt: later }))
      .then(
        { type: 'delivery.unknown', data: { ...ref(1, phone), class: 'UNKNOWN_OUTCOME', final: true, at } },
        passedOn,
      );
    delivery
      .given(decidedInTurn, filed)
      .when({ type: 'Suppress', endpointId: phone, reason: 'no-channel', at })
      .then(
        { type: 'delivery.suppressed', data: { endpointId: phone, channel: 'bark', reason: 'no-channel', at } },
        passedOn,
      );
  });

  it('wait while the hub itself had no room, and the last is tried for as long as any other', () => {
    delivery
      .given(...begun)
      .when(settle(1, { ...transient, reason: 'busy' }))
      .then(failedFor(1, phone, false, 'busy'), {
        type: 'delivery.deferred',
        data: { ...ref(1, phone), number: 1, reason: 'busy', retryAt: later, at },
      });
    delivery
      .given(...begun, failedFor(1, phone, true), passedOn, resumed(mail, 1), attempted(2, mail))
      .when(settle(2, transient))
      .then(failedFor(2, mail, false), {
        type: 'delivery.deferred',
        data: { ...ref(2, mail), number: 2, reason: 'TRANSIENT', retryAt: later, at },
      });
  });
});

describe('deciding what becomes of a push', () => {
  it('files it and begins a try at every endpoint', () =>
    delivery
      .given()
      .when({ type: 'Decide', decided: decidedData, filed: filedData, attempts: [attempt(1, phone), attempt(2, mail)] })
      .then(decided, filed, attempted(1, phone), attempted(2, mail)));

  it('ends at once when it is for the inbox only', () => {
    const data = { ...decidedData, decision: 'file-only' as const, reason: 'muted', endpoints: [] };
    return delivery
      .given()
      .when({ type: 'Decide', decided: data, filed: filedData, attempts: [] })
      .then({ type: 'delivery.decided', data }, filed, {
        type: 'delivery.finished',
        data: { outcome: 'inbox-only', reason: 'muted', at },
      });
  });

  it('files nothing when the gate refuses', () => {
    const data = { ...decidedData, decision: 'refuse' as const, reason: 'unbound', endpoints: [] };
    return delivery
      .given()
      .when({ type: 'Decide', decided: data, attempts: [] })
      .then(
        { type: 'delivery.decided', data },
        { type: 'delivery.finished', data: { outcome: 'suppressed', reason: 'unbound', at } },
      );
  });

  it('is decided once: a redelivered verdict changes nothing', () =>
    delivery
      .given(decided, filed)
      .when({ type: 'Decide', decided: decidedData, filed: filedData, attempts: [] })
      .thenNothing());
});

describe('settling a try', () => {
  it('records that it was sent, and finishes with the last endpoint', () =>
    delivery
      .given(decided, filed, attempted(1, phone), attempted(2, mail), sent(1, phone))
      .when({ type: 'Settle', attemptId: id(102), outcome: { is: 'sent' }, at })
      .then(sent(2, mail), { type: 'delivery.finished', data: { outcome: 'delivered', at } }));

  it('records what the provider calls it and what the channel could not carry', () => {
    const told = { providerRef: 'r', leftOut: 'link' } as const;
    return delivery
      .given(decided, filed, attempted(1, phone), attempted(2, mail))
      .when({ type: 'Settle', attemptId: id(102), outcome: { is: 'sent', ...told }, at })
      .then({ type: 'delivery.sent', data: { ...sent(2, mail).data, ...told } } as DeliveryEvent);
  });

  it('puts the endpoint off after a passing failure', () =>
    delivery
      .given(decided, filed, attempted(1, phone), attempted(2, mail))
      .when({
        type: 'Settle',
        attemptId: id(101),
        outcome: { is: 'failed', class: 'TRANSIENT', retryAt: later },
        at,
      })
      .then(
        { type: 'delivery.failed', data: { ...ref(1, phone), class: 'TRANSIENT', final: false, at } },
        deferred(1, phone, 1),
      ));

  it('says why it failed for good, where the class does not', () =>
    delivery
      .given(decided, filed, attempted(1, phone), attempted(2, mail))
      .when({
        type: 'Settle',
        attemptId: id(101),
        outcome: { is: 'failed', class: 'CONFIG', reason: 'redirected' },
        at,
      })
      .then({
        type: 'delivery.failed',
        data: { ...ref(1, phone), class: 'CONFIG', reason: 'redirected', final: true, at },
      }));

  it('is delivered when one endpoint got it, whatever became of the other', () =>
    delivery
      .given(decided, filed, attempted(1, phone), attempted(2, mail), sent(1, phone))
      .when({ type: 'Settle', attemptId: id(102), outcome: { is: 'failed', class: 'RECIPIENT_GONE' }, at })
      .then(
        { type: 'delivery.failed', data: { ...ref(2, mail), class: 'RECIPIENT_GONE', final: true, at } },
        { type: 'delivery.finished', data: { outcome: 'delivered', at } },
      ));

  it('says nothing about a try that has ended', () =>
    delivery
      .given(decided, filed, attempted(1, phone), sent(1, phone))
      .when({ type: 'Settle', attemptId: id(101), outcome: { is: 'failed', class: 'TRANSIENT' }, at })
      .thenNothing());
});

describe('trying again', () => {
  it('calls a try unknown whose end was never written down', () =>
    delivery
      .given(decided, filed, attempted(1, phone))
      .when({ type: 'Attempt', attempt: { ...attempt(3, phone), at: later } })
      .then(
        { type: 'delivery.unknown', data: { ...ref(1, phone), class: 'interrupted', final: false, at: later } },
        { type: 'delivery.attempted', data: { ...attempt(3, phone), at: later } },
      ));

  it('does not try an endpoint that has it', () =>
    delivery
      .given(decided, filed, attempted(1, phone), sent(1, phone))
      .when({ type: 'Attempt', attempt: attempt(3, phone) })
      .thenNothing());
});

describe('taking up what was put off', () => {
  const putOff = [decided, filed, attempted(1, phone), attempted(2, mail), passingly(1, phone), deferred(1, phone, 1)];
  const resume = (number: number, epoch = 7) =>
    ({ type: 'Resume', endpointId: phone, number, epoch, at: later }) as const;

  it('is an event, with the token of whoever fired it', () =>
    delivery
      .given(...putOff)
      .when(resume(1))
      .then(resumed(phone, 1)));

  it('is none a second time, also by a leader that woke up late', () =>
    delivery
      .given(...putOff, resumed(phone, 1))
      .when(resume(1, 3))
      .thenNothing());

  it('is none for a deferral that another one has followed', () =>
    delivery
      .given(...putOff, resumed(phone, 1), attempted(3, phone), passingly(3, phone), deferred(3, phone, 2))
      .when(resume(1))
      .thenNothing());

  it('is none once the endpoint has come to its end', () =>
    delivery
      .given(...putOff, resumed(phone, 1), attempted(3, phone), sent(3, phone))
      .when(resume(1))
      .thenNothing());

  it('comes before any other try', () =>
    delivery
      .given(...putOff)
      .when({ type: 'Attempt', attempt: attempt(3, phone) })
      .thenNothing());

  it('counts the tries that were answered apart from those that found no room', () => {
    const busy: DeliveryEvent = {
      type: 'delivery.failed',
      data: { ...ref(3, phone), class: 'THROTTLED', reason: 'busy', final: false, at },
    };
    const events = [...putOff, resumed(phone, 1), attempted(3, phone), busy, deferred(3, phone, 2)];
    const state = events.reduce(deliveryDecider.evolve, deliveryDecider.initial);
    expect(state).toMatchObject({ legs: [{ tries: 1, putOffs: 1, deferrals: 2, isDeferred: true }, {}] });
  });
});

describe('suppressing', () => {
  it('ends an endpoint without a try when consent has gone meanwhile', () =>
    delivery
      .given(decided, filed, attempted(2, mail), sent(2, mail))
      .when({ type: 'Suppress', endpointId: phone, reason: 'unbound', at })
      .then(
        { type: 'delivery.suppressed', data: { endpointId: phone, channel: 'bark', reason: 'unbound', at } },
        { type: 'delivery.finished', data: { outcome: 'delivered', at } },
      ));
});

describe('finishing with nothing sent', () => {
  const suppress = (endpointId: string, reason: string) => ({ type: 'Suppress' as const, endpointId, reason, at });
  const suppressed = (endpointId: string, reason: string): DeliveryEvent => ({
    type: 'delivery.suppressed',
    data: { endpointId, channel: endpointId === phone ? 'bark' : 'email', reason, at },
  });
  const finished = (outcome: 'inbox-only' | 'suppressed' | 'failed', reason?: string): DeliveryEvent => ({
    type: 'delivery.finished',
    data: { outcome, ...(reason && { reason }), at },
  });

  it('is in the inbox only when the person merely wanted quiet', () =>
    delivery
      .given(decided, filed, suppressed(mail, 'muted'))
      .when(suppress(phone, 'muted'))
      .then(suppressed(phone, 'muted'), finished('inbox-only', 'muted')));

  it('is suppressed, with the reason, when consent or standing has gone', () =>
    delivery
      .given(decided, filed, suppressed(mail, 'muted'))
      .when(suppress(phone, 'unbound'))
      .then(suppressed(phone, 'unbound'), finished('suppressed', 'unbound')));

  it('has failed when an endpoint was tried in vain', () =>
    delivery
      .given(decided, filed, attempted(1, phone), suppressed(mail, 'unbound'))
      .when({ type: 'Settle', attemptId: id(101), outcome: { is: 'unknown', class: 'X', final: true }, at })
      .then({ type: 'delivery.unknown', data: { ...ref(1, phone), class: 'X', final: true, at } }, finished('failed')));

  it('is told to an app that has a callback address, unless the app took it back itself', () => {
    const asked = { ...decidedData, hasCallback: true as const };
    const awaited: DeliveryEvent = { type: 'delivery.decided', data: asked };
    const owed = (outcome: 'inbox-only' | 'suppressed' | 'delivered', reason?: string): DeliveryEvent => {
      const { appId, bindingId } = ids;
      return { type: 'delivery.callback-owed', data: { appId, bindingId, outcome, ...(reason && { reason }), at } };
    };
    delivery
      .given(awaited, filed, suppressed(mail, 'muted'))
      .when(suppress(phone, 'muted'))
      .then(suppressed(phone, 'muted'), finished('inbox-only', 'muted'), owed('inbox-only', 'muted'));
    delivery
      .given(awaited, filed, suppressed(mail, 'recalled'))
      .when(suppress(phone, 'recalled'))
      .then(suppressed(phone, 'recalled'), finished('suppressed', 'recalled'));
    const refused = { ...asked, decision: 'refuse' as const, reason: 'unbound', endpoints: [] };
    delivery
      .given()
      .when({ type: 'Decide', decided: refused, attempts: [] })
      .then(
        { type: 'delivery.decided', data: refused },
        finished('suppressed', 'unbound'),
        owed('suppressed', 'unbound'),
      );
  });
});

describe('reminding until somebody knows', () => {
  const minutes = (n: number) => new Date(Date.parse(at) + n * 60_000).toISOString();
  const repeat = { everyMs: 10 * 60_000, times: 3 };
  const planned = { ...decidedData, endpoints: [{ endpointId: phone, kind: 'bark' }], repeat };
  const set = (number: number, dueAt: string, setAt = at): DeliveryEvent => ({
    type: 'delivery.follow-up-set',
    data: { task: 'remind', number, dueAt, at: setAt },
  });
  const dropped = (number: number, reason: string, when: string): DeliveryEvent => ({
    type: 'delivery.follow-up-dropped',
    data: { task: 'remind', number, reason, at: when },
  });
  const decision = {
    bindingRevision: 3,
    standingRevision: -1,
    decision: 'deliver' as const,
    muted: false,
    endpoints: [{ endpointId: phone, kind: 'bark' }],
  };
  const quiet = { ...decision, decision: 'file-only' as const, reason: 'muted', endpoints: [] };
  const remind = (number: number, when: string, told: typeof decision | typeof quiet = decision): DeliveryCommand => ({
    type: 'Remind',
    number,
    epoch: 7,
    decision: told,
    at: when,
  });
  const reminded = (number: number, when: string, told: typeof decision | typeof quiet = decision): DeliveryEvent => ({
    type: 'delivery.reminded',
    data: { number, epoch: 7, ...told, at: when },
  });
  const acknowledge: DeliveryCommand = { type: 'Acknowledge', inboxItemId: id(9), at: minutes(3) };
  const acknowledged: DeliveryEvent = { type: 'delivery.acknowledged', data: { inboxItemId: id(9), at: minutes(3) } };
  const begun: [DeliveryEvent, ...DeliveryEvent[]] = [
    { type: 'delivery.decided', data: planned },
    filed,
    set(1, minutes(10)),
    attempted(1, phone),
  ];
  const done: DeliveryEvent[] = [
    ...begun,
    sent(1, phone),
    { type: 'delivery.finished', data: { outcome: 'delivered', at } },
  ];

  it('goes to others at their times, counted from the decision, until somebody knows', () => {
    const escalate = [
      { afterMs: 15 * 60_000, openidId: id(21) },
      { afterMs: 40 * 60_000, openidId: id(22) },
    ];
    const { repeat: _, ...once } = { ...planned, escalate };
    const due = (number: number, dueAt: string, setAt = at): DeliveryEvent => ({
      type: 'delivery.follow-up-set',
      data: { task: 'escalate', number, dueAt, at: setAt },
    });
    const given: [DeliveryEvent, ...DeliveryEvent[]] = [
      { type: 'delivery.decided', data: once },
      filed,
      due(1, minutes(15)),
      attempted(1, phone),
    ];
    delivery
      .given()
      .when({ type: 'Decide', decided: once, filed: filedData, attempts: [attempt(1, phone)] })
      .then(...given);
    const step = (number: number, when: string): DeliveryCommand => ({ type: 'Escalate', number, epoch: 7, at: when });
    const escalated = (number: number, when: string): DeliveryEvent => ({
      type: 'delivery.escalated',
      data: { number, openidId: id(20 + number), epoch: 7, at: when },
    });
    for (const early of [step(1, minutes(14)), step(2, minutes(90))]) {
      delivery
        .given(...given)
        .when(early)
        .thenNothing();
    }
    const first: [DeliveryEvent, DeliveryEvent] = [escalated(1, minutes(20)), due(2, minutes(40), minutes(20))];
    delivery
      .given(...given)
      .when(step(1, minutes(20)))
      .then(...first);
    delivery
      .given(...given, ...first)
      .when(step(1, minutes(20)))
      .thenNothing();
    delivery
      .given(...given, ...first)
      .when(step(2, minutes(40)))
      .then(escalated(2, minutes(40)));
    const knows: [DeliveryEvent, DeliveryEvent] = [
      acknowledged,
      {
        type: 'delivery.follow-up-dropped',
        data: { task: 'escalate', number: 1, reason: 'acknowledged', at: minutes(3) },
      },
    ];
    delivery
      .given(...given, sent(1, phone))
      .when(acknowledge)
      .then(...knows);
    delivery
      .given(...given, ...knows)
      .when(step(1, minutes(20)))
      .thenNothing();
    const refused = { ...once, decision: 'refuse' as const, reason: 'unbound', endpoints: [] };
    delivery
      .given()
      .when({ type: 'Decide', decided: refused, attempts: [] })
      .then(
        { type: 'delivery.decided', data: refused },
        { type: 'delivery.finished', data: { outcome: 'suppressed', reason: 'unbound', at } },
      );
  });

  it('is set with the decision, not where the gate refuses', () => {
    const command = { type: 'Decide', decided: planned, filed: filedData, attempts: [attempt(1, phone)] } as const;
    delivery
      .given()
      .when(command)
      .then(...begun);
    const refused = { ...planned, decision: 'refuse' as const, reason: 'unbound', endpoints: [] };
    delivery
      .given()
      .when({ type: 'Decide', decided: refused, attempts: [] })
      .then(
        { type: 'delivery.decided', data: refused },
        { type: 'delivery.finished', data: { outcome: 'suppressed', reason: 'unbound', at } },
      );
  });

  it('comes at its time, once, and as often as was asked', () => {
    delivery
      .given(...done)
      .when(remind(1, minutes(9)))
      .thenNothing();
    delivery
      .given(...done)
      .when(remind(2, minutes(20)))
      .thenNothing();
    const first: [DeliveryEvent, DeliveryEvent] = [reminded(1, minutes(10)), set(2, minutes(20), minutes(10))];
    delivery
      .given(...done)
      .when(remind(1, minutes(10)))
      .then(...first);
    delivery
      .given(...done, ...first)
      .when(remind(1, minutes(10)))
      .thenNothing();
    delivery
      .given(...done, set(3, minutes(30)))
      .when(remind(3, minutes(30)))
      .then(reminded(3, minutes(30)));
    delivery
      .given(...done, set(3, minutes(30)), reminded(3, minutes(30)))
      .when(remind(3, minutes(50)))
      .thenNothing();
  });

  it('is caught up once after an outage, in its own rhythm', () => {
    delivery
      .given(...done)
      .when(remind(1, minutes(25)))
      .then(reminded(2, minutes(25)), set(3, minutes(30), minutes(25)));
    delivery
      .given(...done)
      .when(remind(1, minutes(500)))
      .then(reminded(3, minutes(500)));
  });

  it('has an end of its own, and is not told to the app again', () => {
    const own: DeliveryEvent = { type: 'delivery.finished', data: { outcome: 'delivered', reminder: 1, at } };
    delivery
      .given(...done, reminded(1, minutes(10)), attempted(2, phone))
      .when({ type: 'Settle', attemptId: id(102), outcome: { is: 'sent' }, at })
      .then(sent(2, phone), own);
    delivery
      .given(...done)
      .when(remind(1, minutes(10), quiet))
      .then(reminded(1, minutes(10), quiet), set(2, minutes(20), minutes(10)));
  });

  it('comes in place of what the time before left undone, whose deferrals are over', () => {
    const late = [...begun, passingly(1, phone), deferred(1, phone, 1)];
    const givenUp: DeliveryEvent = {
      type: 'delivery.suppressed',
      data: { endpointId: phone, channel: 'bark', reason: 'reminded', at: minutes(10) },
    };
    const next = [reminded(1, minutes(10)), set(2, minutes(20), minutes(10))];
    delivery
      .given(...late)
      .when(remind(1, minutes(10)))
      .then(givenUp, ...next);
    const after = [...late, givenUp, ...next].reduce(deliveryDecider.evolve, deliveryDecider.initial);
    expect(after).toMatchObject({ legs: [{ deferrals: 1, deferralsBefore: 1, settled: null }] });
    delivery
      .given(...begun)
      .when(remind(1, minutes(10), quiet))
      .then(
        {
          type: 'delivery.unknown',
          data: { ...ref(1, phone), class: 'interrupted', final: false, at: minutes(10) },
        },
        givenUp,
        reminded(1, minutes(10), quiet),
        set(2, minutes(20), minutes(10)),
        { type: 'delivery.finished', data: { outcome: 'inbox-only', reason: 'muted', at: minutes(10) } },
      );
  });

  it('is over once somebody knows, and when the gate refuses', () => {
    const over: [DeliveryEvent, DeliveryEvent] = [acknowledged, dropped(1, 'acknowledged', minutes(3))];
    delivery
      .given(...done)
      .when(acknowledge)
      .then(...over);
    delivery
      .given(...done, ...over)
      .when(remind(1, minutes(10)))
      .thenNothing();
    delivery
      .given(...done, ...over)
      .when(acknowledge)
      .thenNothing();
    delivery.given(decided, filed).when(acknowledge).thenNothing();
    delivery.given().when(acknowledge).thenNothing();
    const drop: DeliveryCommand = { type: 'DropFollowUp', task: 'remind', number: 1, reason: 'unbound', at };
    delivery
      .given(...done)
      .when(drop)
      .then(dropped(1, 'unbound', at));
    delivery
      .given(...done, dropped(1, 'unbound', at))
      .when(drop)
      .thenNothing();
  });

  it('rings nobody who knows: what was put off is given up, what is under way ends by itself', () => {
    delivery
      .given(...begun, passingly(1, phone), deferred(1, phone, 1))
      .when(acknowledge)
      .then(
        acknowledged,
        dropped(1, 'acknowledged', minutes(3)),
        {
          type: 'delivery.suppressed',
          data: { endpointId: phone, channel: 'bark', reason: 'acknowledged', at: minutes(3) },
        },
        { type: 'delivery.finished', data: { outcome: 'inbox-only', reason: 'acknowledged', at: minutes(3) } },
      );
    delivery
      .given(...begun)
      .when(acknowledge)
      .then(acknowledged, dropped(1, 'acknowledged', minutes(3)));
  });
});

it('ends every endpoint once and finishes once, whatever comes', () => {
  const endpoint = fc.constantFrom(phone, mail);
  const number = fc.integer({ min: 1, max: 8 });
  const endpointOf = (n: number) => (n % 2 ? phone : mail); // a try's id belongs to one endpoint
  const outcomes = {
    failed: (passes: boolean) => ({ is: 'failed', class: 'X', ...(passes && { retryAt: later }) }) as const,
    unknown: (passes: boolean) =>
      ({ is: 'unknown', class: 'X', final: !passes, ...(passes && { retryAt: later }) }) as const,
  };
  const command: fc.Arbitrary<DeliveryCommand> = fc.oneof(
    fc.constant<DeliveryCommand>({
      type: 'Decide',
      decided: decidedData,
      filed: filedData,
      attempts: [attempt(1, phone), attempt(2, mail)],
    }),
    number.map((n): DeliveryCommand => ({ type: 'Attempt', attempt: attempt(n, endpointOf(n)) })),
    fc
      .tuple(number, fc.constantFrom('sent', 'failed', 'unknown'), fc.boolean())
      .map(([n, is, passes]): DeliveryCommand => ({
        type: 'Settle',
        attemptId: id(100 + n),
        outcome: is === 'sent' ? { is } : outcomes[is as 'failed'](passes),
        at,
      })),
    fc
      .tuple(endpoint, number)
      .map(([endpointId, n]): DeliveryCommand => ({ type: 'Resume', endpointId, number: n, epoch: n, at })),
    endpoint.map((endpointId): DeliveryCommand => ({ type: 'Suppress', endpointId, reason: 'unbound', at })),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const events: DeliveryEvent[] = [];
      for (const one of commands) {
        events.push(...deliveryDecider.decide(one, events.reduce(deliveryDecider.evolve, deliveryDecider.initial)));
        expect(deliveryDecider.decide(one, events.reduce(deliveryDecider.evolve, deliveryDecider.initial))).toEqual([]);
      }
      const count = (test: (event: DeliveryEvent) => boolean) => events.filter(test).length;
      expect(count(({ type }) => type === 'delivery.filed')).toBeLessThanOrEqual(1);
      expect(count(({ type }) => type === 'delivery.finished')).toBeLessThanOrEqual(1);
      for (const endpointId of [phone, mail]) {
        expect(
          count(({ type, data }) => type === 'delivery.sent' && data.endpointId === endpointId),
        ).toBeLessThanOrEqual(1);
        // Put off and taken up in turns, each deferral at most once.
        const turns = events.flatMap(({ type, data }) =>
          (type === 'delivery.deferred' || type === 'delivery.resumed') && data.endpointId === endpointId
            ? [`${type} ${data.number}`]
            : [],
        );
        expect(new Set(turns).size).toBe(turns.length);
      }
      const finishedAt = events.findIndex(({ type }) => type === 'delivery.finished');
      if (finishedAt >= 0) expect(finishedAt).toBe(events.length - 1);
    }),
  );
});
