import { Injectable } from '@nestjs/common';
import {
  aadOf,
  CaseEntry,
  ComplaintCase,
  ComplaintView,
  PushContent,
  SeverityOutcome,
  StandingFigures,
} from '@hark/contracts';
import { Clock, IsoTime } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AppsStore } from './apps.store';
import { appealStepsOf } from './domain/appeal-views';
import { Appeal, MadeComplaint } from './domain/complaint.decider';
import { costsPoints } from './domain/costs-points';
import { outcomesOf, withoutPenaltyOf } from './domain/outcomes';
import { Penalties, penaltyIdOf } from './penalties.service';
import { Filed, PushesStore } from './pushes.store';
import { StandingStore } from './standing.store';

/** Complaints in the form that their readers may see. */
@Injectable()
export class ComplaintCases {
  constructor(
    private readonly pushes: PushesStore,
    private readonly apps: AppsStore,
    private readonly vault: Vault,
    private readonly standings: StandingStore,
    private readonly penalties: Penalties,
    private readonly clock: Clock,
  ) {}

  /** For the person who complained, in the order given, with what they wrote. Nobody else's complaints may be asked for. */
  async manyForPerson(complaints: readonly (readonly [string, MadeComplaint])[]): Promise<ComplaintView[]> {
    const sealed = complaints.flatMap(
      ([
        complaintId,
        {
          complained: { note },
        },
      ]) => (note === undefined ? [] : [{ sealed: note, aad: aadOf.complaintNote(complaintId) }]),
    );
    const opened = (await this.vault.openMany(sealed)).values();
    return complaints.map(([complaintId, complaint]) => {
      const note = complaint.complained.note && opened.next().value;
      return { ...viewOf(complaintId, complaint), ...(note && { note }) };
    });
  }

  /** For an operator: with the push as evidence, the note and who decided, never who complained. */
  async forOperator(complaintId: string, complaint: MadeComplaint): Promise<ComplaintCase> {
    return (await this.manyForOperator([[complaintId, complaint]]))[0]!;
  }

  /** The same for many, in the order given. Decrypts the texts, so the caller must record the look. */
  async manyForOperator(complaints: readonly (readonly [string, MadeComplaint])[]): Promise<ComplaintCase[]> {
    const [names, outcomes, ifGranted, filed] = await Promise.all([
      this.apps.names(complaints.map(([, { complained }]) => complained.appId)),
      Promise.all(complaints.map(([complaintId, complaint]) => this.outcomes(complaintId, complaint))),
      Promise.all(complaints.map(([complaintId, complaint]) => this.ifGranted(complaintId, complaint))),
      Promise.all(complaints.map(([, { complained }]) => this.pushes.filed(complained.pushId, complained.at))),
    ]);
    const sealed = complaints.flatMap(([complaintId, complaint], index) => {
      const { complained } = complaint;
      const push = filed[index];
      const appeal = appealOf(complaint);
      return [
        ...(push ? [{ sealed: push.content, aad: aadOf.content(complained.pushId) }] : []),
        ...(complained.note ? [{ sealed: complained.note, aad: aadOf.complaintNote(complaintId) }] : []),
        ...(appeal ? [{ sealed: appeal.appealed.note, aad: aadOf.appealNote(complaintId) }] : []),
      ];
    });
    const opened = (await this.vault.openMany(sealed)).values();
    return complaints.map(([complaintId, complaint], index) => {
      const { appId, ownerId, note } = complaint.complained;
      const push = filed[index];
      const content = push && opened.next().value;
      const words = note && opened.next().value;
      const appeal = appealOf(complaint);
      const plea = appeal && opened.next().value;
      return {
        ...viewOf(complaintId, complaint),
        appId,
        appName: names.get(appId) ?? '',
        ownerId,
        costsPoints: costsPoints(complaint.complained),
        ...(outcomes[index] && { outcomes: outcomes[index] }),
        ...(words && { note: words }),
        ...(appeal && {
          appeal: {
            ...appealStepsOf(appeal),
            ...(plea && { note: plea }),
            ...(ifGranted[index] && { ifGranted: ifGranted[index] }),
          },
        }),
        ...(push && content && { evidence: evidenceOf(JSON.parse(content) as PushContent, push, complaint) }),
        history: historyOf(complaint),
      };
    });
  }

  private async outcomes(
    complaintId: string,
    { is, complained }: MadeComplaint,
  ): Promise<SeverityOutcome[] | undefined> {
    if (is !== 'open' || !costsPoints(complained)) return undefined;
    const { state } = await this.standings.load(complained.ownerId);
    return outcomesOf(state, { complaintId, appId: complained.appId, operatorId: '' }, this.clock.now());
  }

  /** The owner's standing without the penalty, while its appeal is open. */
  private async ifGranted(complaintId: string, complaint: MadeComplaint): Promise<StandingFigures | undefined> {
    if (appealOf(complaint)?.is !== 'open') return undefined;
    const { ownerId } = complaint.complained;
    const [{ state }, upheldBy] = await Promise.all([this.standings.load(ownerId), this.penalties.upheldBy(ownerId)]);
    return withoutPenaltyOf(state, { penaltyId: penaltyIdOf(complaintId), upheldBy }, this.clock.now());
  }
}

const appealOf = (complaint: MadeComplaint): Appeal | undefined =>
  complaint.is === 'upheld' ? complaint.appeal : undefined;

function evidenceOf(
  content: PushContent,
  { pushedAt }: Filed,
  { complained: { sentBy, appKnowsKey } }: MadeComplaint,
): NonNullable<ComplaintCase['evidence']> {
  return {
    ...content,
    pushedAt,
    ...(sentBy !== undefined && { sentBy }),
    ...(appKnowsKey !== undefined && { appKnowsKey }),
  };
}

function historyOf(complaint: MadeComplaint): CaseEntry[] {
  const made: CaseEntry = { event: 'complaint.complained', at: complaint.complained.at };
  if (complaint.is === 'open') return [made];
  const appeal = appealOf(complaint);
  return [
    made,
    {
      ...decisionOf(`complaint.${complaint.is}`, complaint.decided),
      ...(complaint.is === 'upheld' && { severity: complaint.decided.severity }),
    },
    ...(appeal ? [{ event: 'complaint.appealed', at: appeal.appealed.at }] : []),
    ...(appeal && appeal.is !== 'open' ? [decisionOf(`complaint.appeal-${appeal.is}`, appeal.decided)] : []),
  ];
}

const decisionOf = (
  event: string,
  { operatorId, note, at }: { readonly operatorId: string; readonly note?: string | undefined; readonly at: IsoTime },
): CaseEntry => ({ event, at, by: operatorId, ...(note !== undefined && { note }) });

/** For the person who complained: what came of it. Their words are sealed: `manyForPerson`. */
export function viewOf(complaintId: string, complaint: MadeComplaint): ComplaintView {
  const { pushId, reason, at } = complaint.complained;
  const appeal = appealOf(complaint);
  return {
    id: complaintId,
    status: complaint.is,
    inboxItemId: pushId,
    reason,
    complainedAt: at,
    ...(complaint.is !== 'open' && { decidedAt: complaint.decided.at }),
    ...(complaint.is === 'upheld' && { severity: complaint.decided.severity }),
    ...(appeal && { appeal: appealStepsOf(appeal) }),
  };
}
