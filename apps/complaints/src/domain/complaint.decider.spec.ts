import fc from 'fast-check';
import { ComplaintEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { ComplaintCommand, complaintDecider } from './complaint.decider';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = '2026-11-22T09:00:00.000Z';
const data = { pushId: id(1), appId: id(2), ownerId: id(3), personId: id(4), reason: 'spam' as const, at };
const complain = { type: 'Complain' as const, ...data, filedAt: at };
const complained: ComplaintEvent = { type: 'complaint.complained', data };
const upheldData = { decisionId: id(10), operatorId: id(5), severity: 'major' as const, at };
const upheld: ComplaintEvent = { type: 'complaint.upheld', data: upheldData };
const dismissedData = { decisionId: id(11), operatorId: id(6), at };
const complaint = specFor(complaintDecider);

describe('complaining', () => {
  it('opens a complaint', () => complaint.given().when(complain).then(complained));
  it('says nothing when the same is said again', () => complaint.given(complained).when(complain).thenNothing());
  it('is refused a second time for another reason', () =>
    complaint
      .given(complained)
      .when({ ...complain, reason: 'fraud' })
      .thenRefused('complaint.already-made'));
});

describe('complaining late', () => {
  const filedAt = '2026-10-23T09:00:00.000Z';
  it('is possible for thirty days', () =>
    complaint
      .given()
      .when({ ...complain, filedAt })
      .then(complained));
  it('is refused after them', () =>
    complaint
      .given()
      .when({ ...complain, filedAt: '2026-10-23T08:59:59.999Z' })
      .thenRefused('complaint.too-late'));
  it('is no matter for who complained in time', () =>
    complaint
      .given(complained)
      .when({ ...complain, at: '2027-01-01T00:00:00.000Z' })
      .thenNothing());
});

describe('deciding a complaint', () => {
  it('upholds it', () =>
    complaint
      .given(complained)
      .when({ type: 'Uphold', ...upheldData })
      .then(upheld));
  it('dismisses it', () =>
    complaint
      .given(complained)
      .when({ type: 'Dismiss', ...dismissedData })
      .then({ type: 'complaint.dismissed', data: dismissedData }));
  it('says nothing when the same decision comes again', () =>
    complaint
      .given(complained, upheld)
      .when({ type: 'Uphold', ...upheldData })
      .thenNothing());
  it('keeps the first decision against a second operator', () =>
    complaint
      .given(complained, upheld)
      .when({ type: 'Dismiss', ...dismissedData })
      .thenRefused('complaint.already-decided'));
  it('keeps the first decision against a second click', () =>
    complaint
      .given(complained, upheld)
      .when({ type: 'Uphold', ...upheldData, decisionId: id(12) })
      .thenRefused('complaint.already-decided'));
  it("refuses the app's owner", () =>
    complaint
      .given(complained)
      .when({ type: 'Uphold', ...upheldData, operatorId: id(3) })
      .thenRefused('complaint.own-app'));
  it('refuses the person who complained', () => {
    complaint
      .given(complained)
      .when({ type: 'Uphold', ...upheldData, operatorId: id(4) })
      .thenRefused('ops.own-matter');
    complaint
      .given(complained)
      .when({ type: 'Dismiss', ...dismissedData, operatorId: id(4) })
      .thenRefused('ops.own-matter');
  });
  it('knows nothing of a complaint nobody made', () =>
    complaint
      .given()
      .when({ type: 'Uphold', ...upheldData })
      .thenRefused('complaint.unknown'));
});

describe('appealing', () => {
  const appealedData = { requestId: id(20), penaltyId: id(21), note: 'v1.x', at };
  const appealed: ComplaintEvent = { type: 'complaint.appealed', data: appealedData };
  const appeal = { type: 'Appeal' as const, ...appealedData };
  const answer = { decisionId: id(22), operatorId: id(6), note: 'ours', at };
  const granted: ComplaintEvent = { type: 'complaint.appeal-granted', data: answer };

  it('is for a penalty: there is one for an upheld complaint only', () => {
    complaint.given(complained, upheld).when(appeal).then(appealed);
    const dismissed: ComplaintEvent = { type: 'complaint.dismissed', data: dismissedData };
    for (const history of [[complained], [complained, dismissed]])
      complaint
        .given(...history)
        .when(appeal)
        .thenRefused('penalty.unknown');
  });
  it('is possible for 180 days', () => {
    const [last, late] = ['2027-05-21T09:00:00.000Z', '2027-05-21T09:00:00.001Z'];
    complaint
      .given(complained, upheld)
      .when({ ...appeal, at: last })
      .then({ ...appealed, data: { ...appealedData, at: last } });
    complaint
      .given(complained, upheld)
      .when({ ...appeal, at: late })
      .thenRefused('appeal.too-late');
  });
  it('is done once, whatever came of it', () => {
    complaint.given(complained, upheld, appealed).when(appeal).thenNothing();
    for (const decided of [[], [granted], [{ ...granted, type: 'complaint.appeal-refused' as const }]])
      complaint
        .given(complained, upheld, appealed, ...decided)
        .when({ ...appeal, requestId: id(23) })
        .thenRefused('appeal.already-made');
  });
  it('is granted or refused by another operator, once', () => {
    const given = complaint.given(complained, upheld, appealed);
    given.when({ type: 'GrantAppeal', ...answer }).then(granted);
    given.when({ type: 'RefuseAppeal', ...answer }).then({ type: 'complaint.appeal-refused', data: answer });
    const decided = complaint.given(complained, upheld, appealed, granted);
    decided.when({ type: 'GrantAppeal', ...answer }).thenNothing();
    decided.when({ type: 'RefuseAppeal', ...answer, decisionId: id(24) }).thenRefused('appeal.already-decided');
  });
  it.each<[string, string, `${string}.${string}`]>([
    ['whoever upheld the complaint', id(5), 'appeal.second-operator'],
    ["the app's owner", id(3), 'complaint.own-app'],
    ['the person who complained', id(4), 'ops.own-matter'],
  ])('is not decided by %s', (_, operatorId, code) => {
    const given = complaint.given(complained, upheld, appealed);
    for (const type of ['GrantAppeal', 'RefuseAppeal'] as const)
      given.when({ type, ...answer, operatorId }).thenRefused(code);
  });
  it('is decided only where somebody appealed', () => {
    complaint
      .given(complained, upheld)
      .when({ type: 'GrantAppeal', ...answer })
      .thenRefused('appeal.unknown');
    complaint
      .given()
      .when({ type: 'RefuseAppeal', ...answer })
      .thenRefused('appeal.unknown');
  });
});

it('has at most one outcome, never by the owner, whatever comes', () => {
  const operator = fc.constantFrom(id(3), id(5), id(6));
  const decision = fc.record({ decisionId: fc.constantFrom(id(10), id(11), id(12)), operatorId: operator });
  const command: fc.Arbitrary<ComplaintCommand> = fc.oneof(
    fc.constantFrom('spam', 'fraud').map((reason): ComplaintCommand => ({ ...complain, reason: reason as 'spam' })),
    decision.map((by): ComplaintCommand => ({ type: 'Uphold', ...upheldData, ...by })),
    decision.map((by): ComplaintCommand => ({ type: 'Dismiss', ...dismissedData, ...by })),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const events: ComplaintEvent[] = [];
      const decide = (one: ComplaintCommand) =>
        complaintDecider.decide(one, events.reduce(complaintDecider.evolve, complaintDecider.initial));
      for (const one of commands) {
        try {
          events.push(...decide(one));
        } catch {
          continue;
        }
        expect(decide(one)).toEqual([]);
      }
      const outcomes = events.filter(({ type }) => type !== 'complaint.complained');
      expect(outcomes.length).toBeLessThanOrEqual(1);
      expect(outcomes.every((outcome) => 'operatorId' in outcome.data && outcome.data.operatorId !== id(3))).toBe(true);
      expect(events.filter(({ type }) => type === 'complaint.complained').length).toBeLessThanOrEqual(1);
    }),
  );
});
