import fc from 'fast-check';
import { ModerationEvent } from '@hark/contracts';
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
const approve: ModerationCommand = { type: 'Approve', ...decision };
const reject: ModerationCommand = { type: 'Reject', ...decision };
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

describe('deciding a held text', () => {
  it('approves exactly the text that is held', () => moderation.given(held).when(approve).then(approved));
  it('rejects it under its label', () => moderation.given(held).when(reject).then(rejected));
  it.each(['unavailable', 'too-long'])('rejects it as `other` where the label only said why nobody knew: %s', (label) =>
    moderation
      .given({ type: 'moderation.held', data: { ...facts, label } })
      .when(reject)
      .then({ type: 'moderation.rejected', data: { contentHash: text, ...decision, label: 'other' } }),
  );
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
  };
  const command: fc.Arbitrary<ModerationCommand> = fc.oneof(
    fc.tuple(verdict, fc.constantFrom(text, otherText)).map(([is, hash]) => judge(is, hash)),
    fc.record({ type: fc.constantFrom('Approve' as const, 'Reject' as const), ...decided }),
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
        const types = about.map(({ type }) => type);
        expect(types.slice(1).every((type) => type === 'moderation.approved' || type === 'moderation.rejected')).toBe(
          true,
        );
        expect(types.length).toBeLessThanOrEqual(2);
        if (types.length === 2) expect(types[0]).toBe('moderation.held');
      }
    }),
  );
});
