import { z } from 'zod';
import { complaintReason, severity } from './complaints.events';
import { appealStatus } from './complaints.requests';
import { isoTime, uuid } from './fields';
import { pageReply, waitingCount } from './paging';
import { pushContent } from './push-content';

/** An action on a case, and the operator who took it. */
export const caseEntry = z
  .strictObject({
    event: z.string(),
    at: isoTime,
    by: z.string().optional().describe('The operator.'),
    note: z.string().optional(),
    label: z.string().optional(),
    severity: severity.optional(),
    wechat: z.string().optional().describe('What WeChat answered, with a verdict of the chain: `pass`, `off` …'),
    ruleVersion: z.string().optional().describe('The local rules that judged.'),
  })
  .meta({ id: 'CaseEntry' });
export type CaseEntry = z.infer<typeof caseEntry>;

const appealSteps = { status: appealStatus, appealedAt: isoTime, decidedAt: isoTime.optional() };

/** An appeal against a penalty, for the owner who made it. */
export const appealView = z
  .strictObject({
    penaltyId: uuid,
    ...appealSteps,
    answer: z.string().optional().describe('What the operator who decided wrote.'),
  })
  .meta({ id: 'Appeal' });
export type AppealView = z.infer<typeof appealView>;

/** The same with what the owner wrote, for the export of what Hark holds on them. */
export const ownAppealView = appealView
  .extend({
    appId: uuid.describe('The app whose push was complained about.'),
    note: z.string().describe('Your words.'),
  })
  .meta({ id: 'OwnAppeal' });
export type OwnAppealView = z.infer<typeof ownAppealView>;

/** What the person who complained sees of it. */
export const complaintView = z
  .strictObject({
    id: uuid,
    status: z.enum(['open', 'upheld', 'dismissed']),
    inboxItemId: uuid,
    reason: complaintReason,
    note: z.string().optional().describe('Your words, in the list of your complaints.'),
    complainedAt: isoTime,
    decidedAt: isoTime.optional(),
    severity: severity.optional(),
    appeal: z
      .strictObject(appealSteps)
      .optional()
      .describe("The owner's appeal against the penalty; granted, the penalty is lifted."),
  })
  .meta({ id: 'Complaint' });
export type ComplaintView = z.infer<typeof complaintView>;

/** What is shown of a message to whoever has its mail and may complain about it. `is`: whether they still can. */
export const complainableView = z.strictObject({
  appName: z.string(),
  title: z.string().optional(),
  body: z.string().describe('Its beginning.'),
  pushedAt: isoTime,
  is: z.enum(['open', 'made', 'too-late']),
});
export type ComplainableView = z.infer<typeof complainableView>;

const standingFigures = {
  points: z.int(),
  status: z.enum(['good', 'throttled', 'suspended', 'banned']),
  until: isoTime.optional().describe('When a suspension ends.'),
};

/** What a standing comes to. */
export type StandingFigures = Pick<StandingView, 'points' | 'status' | 'until'>;

/** What upholding with a severity would leave of the owner's standing. */
export const severityOutcome = z
  .strictObject({
    severity,
    points: z.int(),
    status: z.enum(['good', 'throttled', 'suspended', 'banned']),
    until: isoTime.optional().describe('When the suspension would end.'),
    banProposed: z.literal(true).optional().describe('A ban then waits for a second operator.'),
  })
  .meta({ id: 'SeverityOutcome' });
export type SeverityOutcome = z.infer<typeof severityOutcome>;

/** The operator's view: the push as evidence and the actions on it, never who complained. */
export const complaintCase = complaintView
  .extend({
    appId: uuid,
    appName: z.string(),
    ownerId: uuid,
    history: z.array(caseEntry).readonly().describe('Oldest first.'),
    note: z.string().optional().describe('What was written with the complaint.'),
    appeal: z
      .strictObject({
        ...appealSteps,
        note: z.string().optional().describe('What the owner wrote. Absent once the owner is erased.'),
        ifGranted: z
          .strictObject(standingFigures)
          .optional()
          .describe("While it is open: the owner's standing without the penalty."),
      })
      .optional(),
    costsPoints: z
      .boolean()
      .describe(
        'False where the push was sent by a key that the app itself never used: upholding it then takes no points.',
      ),
    outcomes: z
      .array(severityOutcome)
      .readonly()
      .optional()
      .describe('While it is open and would cost points: what each severity would do.'),
    evidence: z
      .strictObject({
        ...pushContent.shape,
        pushedAt: isoTime,
        sentBy: z
          .enum(['app', 'key'])
          .optional()
          .describe(
            "`app`: the app's own secret. `key`: a binding's key, which its person was handed first. Absent: not known.",
          ),
        appKnowsKey: z
          .boolean()
          .optional()
          .describe("With `key`: whether the app itself had used that key, so that it is not the person's alone."),
      })
      .optional()
      .describe('The push. Absent once its person is erased.'),
  })
  .meta({ id: 'ComplaintCase' });
export type ComplaintCase = z.infer<typeof complaintCase>;

export const standingView = z
  .strictObject({
    ...standingFigures,
    history: z
      .array(
        z.strictObject({
          event: z.string(),
          at: isoTime,
          severity: severity.optional(),
          points: z.int().optional(),
          left: z.int().optional(),
          until: isoTime.optional(),
          penaltyId: uuid.optional().describe('The penalty that was given or lifted: name it in an appeal.'),
          appId: uuid.optional().describe('The app whose push was complained about.'),
          reason: complaintReason.optional().describe('What was complained of.'),
          appealableUntil: isoTime.optional().describe('Until then the penalty can be appealed; absent, it cannot.'),
          appeal: appealView.omit({ penaltyId: true }).optional(),
        }),
      )
      .readonly()
      .describe('Newest first; never says who complained.'),
  })
  .meta({ id: 'Standing' });
export type StandingView = z.infer<typeof standingView>;

/** A ban that waits for a second operator: for whom, proposed by whom, and why. */
export const proposedBan = z
  .strictObject({
    appId: uuid,
    appName: z.string(),
    ownerId: uuid,
    points: z.int(),
    proposedBy: uuid,
    proposedAt: isoTime,
    until: isoTime.describe('Until then the owner is suspended; unanswered, the proposal lapses.'),
    complaintId: uuid.describe('The complaint that was upheld last before it, to be looked at before one confirms.'),
    severity,
  })
  .meta({ id: 'ProposedBan' });
export type ProposedBan = z.infer<typeof proposedBan>;

export const upholdReply = z
  .strictObject({ complaint: complaintCase, standing: standingView.optional() })
  .meta({ id: 'ComplaintDecision' });
export type UpholdReply = z.infer<typeof upholdReply>;

export const complaintPage = pageReply(complaintView).meta({ id: 'ComplaintPage' });
export const ownAppealPage = pageReply(ownAppealView);
export const complaintCasePage = pageReply(complaintCase).meta({ id: 'ComplaintCasePage' });
export const proposedBanPage = pageReply(proposedBan).meta({ id: 'ProposedBanPage' });

export const caseCount = z
  .strictObject({
    complaints: waitingCount,
    appeals: waitingCount,
    bans: waitingCount.describe('For a second operator.'),
  })
  .meta({ id: 'CaseCount' });
export type CaseCount = z.infer<typeof caseCount>;

/** An event of the log, for operators. */
export const auditView = z
  .strictObject({
    id: uuid,
    stream: z.string(),
    revision: z.int().min(0),
    position: z.string().describe('Its place in the whole log, a number: larger is later.'),
    type: z.string(),
    at: isoTime,
    actor: z.string().describe('Who caused it: `user:<id>`, `app:<id>`, `service:<name>` or `anonymous`.'),
    correlation: z.string().optional().describe('The same for everything that one request brought about.'),
    cause: z.string().optional().describe('The id of the request or event that it followed from at once.'),
    data: z.record(z.string(), z.unknown()).describe('Ids, times, numbers and words of ours; all else is masked.'),
  })
  .meta({ id: 'AuditEvent' });
export type AuditView = z.infer<typeof auditView>;
export const auditPage = pageReply(auditView).meta({ id: 'AuditPage' });

/** What a stream adds up to after one of its events, and before it. */
export const streamState = z
  .strictObject({
    event: auditView,
    last: z.int().min(0).describe('The revision of the stream’s latest event.'),
    before: z.record(z.string(), z.unknown()).describe('The state before the event, in the same form.'),
    state: z
      .record(z.string(), z.unknown())
      .describe('The state that decisions were made on after the event: masked as events are, long lists cut.'),
  })
  .meta({ id: 'StreamState' });
export type StreamState = z.infer<typeof streamState>;
