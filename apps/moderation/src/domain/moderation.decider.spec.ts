import fc from 'fast-check';
import { ModerationEvent } from '@hark/contracts';
import { plusMs } from '@hark/kernel';
import { specFor } from '@hark/testing';
import { ModerationCommand, moderationDecider, Verdict } from './moderation.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = '2026-11-22T09:00:00.000Z';
const text = 'a'.repeat(64);
const otherText = 'b'.repeat(64);
const facts = { contentHash: text, ruleVersion: 'local-1', wechat: 'pass' as const, traceId: 'trace-1', at };
const judge = (verdict: Verdict, contentHash = text): ModerationCommand => ({
  type: 'Judge',
  verdict,
  ...facts,
  contentHash,
});
const passed: ModerationEvent = { type: 'moderation.passed', data: facts };
const held: ModerationEvent = { type: 'moderation.held', data: { ...facts, label: 'politics' } };
const blocked: ModerationEvent = { type: 'moderation.blocked', data: { ...facts, label: 'ads' } };
const decision = { operatorId: id(5), decisionId: id(10), at };
const parties = [id(7), id(8)];
const approve = { type: 'Approve', ...decision, parties } as const;
const reject = { type: 'Reject', ...decision, parties } as const;
const approved: ModerationEvent = { type: 'moderation.approved', data: { contentHash: text, ...decision } };
const rejected: ModerationEvent = {
  type: 'moderation.rejected',
  data: { contentHash: text, ...decision, label: 'politics' },
};
const moderation = specFor(moderationDecider);

describe('judging a text', () => {
  it('passes it', () => moderation.when(judge({ is: 'passed' })).then(passed));
  it('holds it', () => moderation.when(judge({ is: 'held', label: 'politics' })).then(held));
  it('blocks it', () => moderation.when(judge({ is: 'blocked', label: 'ads' })).then(blocked));
  it.each([passed, held, blocked])(
    'says nothing when the text was judged before, whatever came of it: $type',
    (before) => {
      moderation
        .given(before)
        .when(judge({ is: 'passed' }))
        .thenNothing();
      moderation
        .given(before)
        .when(judge({ is: 'blocked', label: 'porn' }))
        .thenNothing();
    },
  );
  it('does not undo what an operator decided', () =>
    moderation
      .given(held, rejected)
      .when(judge({ is: 'passed' }))
      .thenNothing());
  it('gives a new text a verdict of its own', () =>
    moderation
      .given(passed)
      .when(judge({ is: 'blocked', label: 'ads' }, otherText))
      .then({
        type: 'moderation.blocked',
        data: { ...facts, contentHash: otherText, label: 'ads' },
      }));
  it('does not judge the old text again when its push comes late', () =>
    moderation
      .given(held, { type: 'moderation.passed', data: { ...facts, contentHash: otherText } })
      .when(judge({ is: 'held', label: 'ads' }))
      .thenNothing());
});

describe('a text that its sender changed', () => {
  const edited = { ...facts, contentHash: otherText, edition: 1 };
  const heldAgain: ModerationEvent = { type: 'moderation.held', data: { ...edited, label: 'politics' } };

  it('has the last word: a verdict on an earlier one that comes late changes nothing', () => {
    moderation
      .given({ type: 'moderation.passed', data: edited })
      .when(judge({ is: 'blocked', label: 'ads' }))
      .thenNothing();
    moderation
      .given(heldAgain)
      .when(judge({ is: 'passed' }))
      .thenNothing();
  });
  it('is decided only by who has seen it', () => {
    for (const command of [approve, reject]) {
      moderation.given(held, heldAgain).when(command).thenRefused('review.edited');
      moderation
        .given(held)
        .when({ ...command, edition: 1 })
        .thenRefused('review.edited');
    }
    moderation
      .given(held, heldAgain)
      .when({ ...approve, edition: 1 })
      .then({ type: 'moderation.approved', data: { contentHash: otherText, ...decision } });
  });
});

describe('deciding a held text', () => {
  it('approves exactly the text that is held', () => moderation.given(held).when(approve).then(approved));
  it('rejects it under its label', () => moderation.given(held).when(reject).then(rejected));
  it.each(['unavailable', 'too-long'])('rejects it as `other` where the label only said why nobody knew: %s', (label) =>
    moderation
      .given({ type: 'moderation.held', data: { ...facts, label } })
      .when({ ...reject })
      .then({ type: 'moderation.rejected', data: { contentHash: text, ...decision, label: 'other' } }),
  );
  it.each([0, 1])('is not for whoever sent it or is to receive it: party %i', (party) => {
    for (const command of [approve, reject]) {
      moderation
        .given(held)
        .when({ ...command, operatorId: parties[party]! })
        .thenRefused('ops.own-matter');
    }
  });
  it('keeps what the operator noted', () =>
    moderation
      .given(held)
      .when({ ...approve, note: 'a warning' })
      .then({ type: 'moderation.approved', data: { contentHash: text, ...decision, note: 'a warning' } }));
  it('says nothing when the same is decided again, by whomever', () => {
    moderation
      .given(held, approved)
      .when({ ...approve, operatorId: id(6), decisionId: id(11) })
      .thenNothing();
    moderation.given(held, rejected).when(reject).thenNothing();
  });
  it('keeps the first decision against another one', () => {
    moderation.given(held, approved).when(reject).thenRefused('review.already-decided');
    moderation.given(held, rejected).when(approve).thenRefused('review.already-decided');
  });
  it('knows nothing of what is not held', () => {
    for (const command of [approve, reject]) {
      moderation.when(command).thenRefused('review.unknown');
      moderation.given(passed).when(command).thenRefused('review.unknown');
      moderation.given(blocked).when(command).thenRefused('review.unknown');
    }
  });
});

describe('a text without a verdict', () => {
  const none: Verdict = { is: 'held', label: 'unavailable' };
  const heldForNow: ModerationEvent = { type: 'moderation.held', data: { ...facts, label: 'unavailable' } };
  const deferred = (tries: number, waitMs: number): ModerationEvent => ({
    type: 'moderation.deferred',
    data: { contentHash: text, tries, until: plusMs(at, waitMs), at },
  });
  const resume = (tries: number): ModerationCommand => ({ type: 'Resume', tries, epoch: 1, at });
  const resumed = (tries: number): ModerationEvent => ({
    type: 'moderation.resumed',
    data: { contentHash: text, tries, epoch: 1, at },
  });
  const again = (verdict: Verdict, tries = 1): ModerationCommand => ({ type: 'JudgeAgain', verdict, tries, ...facts });
  const waiting = [heldForNow, deferred(1, 60_000)] as const;
  const due = [...waiting, resumed(1)] as const;

  it('is held, and judged again in a minute', () => moderation.when(judge(none)).then(...waiting));
  it('is taken up once for each deferral, whoever fires how often', () => {
    moderation
      .given(...waiting)
      .when(resume(1))
      .then(resumed(1));
    moderation
      .given(...due)
      .when(resume(1))
      .thenNothing();
    moderation
      .given(...waiting)
      .when(resume(2))
      .thenNothing();
    moderation.given(held).when(resume(1)).thenNothing();
  });
  it.each<[Verdict, ModerationEvent]>([
    [{ is: 'passed' }, passed],
    [{ is: 'blocked', label: 'ads' }, blocked],
    [{ is: 'held', label: 'politics' }, held],
    [none, deferred(2, 300_000)],
  ])('is released, blocked, held for a person or put off further by the next verdict: %j', (verdict, event) =>
    moderation
      .given(...due)
      .when(again(verdict))
      .then(event),
  );
  it('is not judged before its time, nor twice in one', () => {
    moderation
      .given(...waiting)
      .when(again({ is: 'passed' }))
      .thenNothing();
    moderation
      .given(...due, passed)
      .when(again({ is: 'blocked', label: 'ads' }))
      .thenNothing();
    moderation
      .given(...due, deferred(2, 300_000))
      .when(again({ is: 'passed' }))
      .thenNothing();
    moderation
      .given(held)
      .when(again({ is: 'passed' }, 0))
      .thenNothing();
  });
  it('is left to people after a day', () =>
    moderation.given(heldForNow, deferred(26, 3_600_000), resumed(26)).when(again(none, 26)).thenNothing());
  it('is an operator’s to decide meanwhile, and no later verdict undoes that', () => {
    moderation
      .given(...waiting)
      .when(approve)
      .then(approved);
    moderation
      .given(...due, approved)
      .when(again({ is: 'blocked', label: 'ads' }))
      .thenNothing();
    moderation
      .given(...waiting, rejected)
      .when(resume(1))
      .thenNothing();
  });
});

it('judges each text at most once and decides each held one at most once, whatever comes', () => {
  const verdict = fc.oneof(
    fc.constant<Verdict>({ is: 'passed' }),
    fc.record({
      is: fc.constantFrom('held' as const, 'blocked' as const),
      label: fc.constantFrom('ads', 'unavailable'),
    }),
  );
  const decided = {
    operatorId: fc.constantFrom(id(5), id(6)),
    decisionId: fc.constantFrom(id(10), id(11)),
    at: fc.constant(at),
    parties: fc.constant(parties),
  };
  const command: fc.Arbitrary<ModerationCommand> = fc.oneof(
    fc.tuple(verdict, fc.constantFrom(text, otherText)).map(([is, hash]) => judge(is, hash)),
    fc.record({ type: fc.constant('Approve' as const), ...decided }),
    fc.record({ type: fc.constant('Reject' as const), ...decided }),
    fc.nat({ max: 3 }).map((tries): ModerationCommand => ({ type: 'Resume', tries, epoch: 1, at })),
    fc
      .tuple(verdict, fc.nat({ max: 3 }))
      .map(([is, tries]): ModerationCommand => ({ type: 'JudgeAgain', verdict: is, tries, ...facts })),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const events: ModerationEvent[] = [];
      const decide = (one: ModerationCommand) =>
        moderationDecider.decide(one, events.reduce(moderationDecider.evolve, moderationDecider.initial));
      for (const one of commands) {
        try {
          events.push(...decide(one));
        } catch {
          continue;
        }
        expect(decide(one)).toEqual([]);
      }
      for (const hash of [text, otherText]) {
        const about = events.filter(({ data }) => data.contentHash === hash);
        // A text that had no verdict gets one later; until then it waits, which is no verdict either.
        const verdicts = about.filter(
          ({ type, data }) =>
            !/deferred|resumed/.test(type) &&
            !('label' in data && data.label === 'unavailable' && type === 'moderation.held'),
        );
        const types = verdicts.map(({ type }) => type);
        expect(types.slice(1).every((type) => type === 'moderation.approved' || type === 'moderation.rejected')).toBe(
          true,
        );
        expect(types.length).toBeLessThanOrEqual(2);
        if (types.length === 2) expect(types[0]).toBe('moderation.held');
      }
    }),
  );
});
