import { Injectable } from '@nestjs/common';
import { aadOf, CaseEntry, ComplaintCase, ComplaintView, PushContent, SeverityOutcome } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AppsStore } from './apps.store';
import { Complaint } from './domain/complaint.decider';
import { costsPoints } from './domain/costs-points';
import { outcomesOf } from './domain/outcomes';
import { Filed, PushesStore } from './pushes.store';
import { StandingStore } from './standing.store';

type Known = Exclude<Complaint, { is: 'absent' }>;

/** Complaints in the form that their readers may see. */
@Injectable()
export class ComplaintCases {
  constructor(
    private readonly pushes: PushesStore,
    private readonly apps: AppsStore,
    private readonly vault: Vault,
    private readonly standings: StandingStore,
    private readonly clock: Clock,
  ) {}

  /** For an operator: with the push as evidence, the note and who decided, never who complained. */
  async forOperator(complaintId: string, complaint: Known): Promise<ComplaintCase> {
    return (await this.manyForOperator([[complaintId, complaint]]))[0]!;
  }

  /** The same for many, in the order given. Decrypts the texts, so the caller must record the look. */
  async manyForOperator(complaints: readonly (readonly [string, Known])[]): Promise<ComplaintCase[]> {
    const [names, outcomes, filed] = await Promise.all([
      this.apps.names(complaints.map(([, { complained }]) => complained.appId)),
      Promise.all(complaints.map(([complaintId, complaint]) => this.outcomes(complaintId, complaint))),
      Promise.all(complaints.map(([, { complained }]) => this.pushes.filed(complained.pushId, complained.at))),
    ]);
    const sealed = complaints.flatMap(([complaintId, { complained }], index) => {
      const push = filed[index];
      return [
        ...(push ? [{ sealed: push.content, aad: aadOf.content(complained.pushId) }] : []),
        ...(complained.note ? [{ sealed: complained.note, aad: aadOf.complaintNote(complaintId) }] : []),
      ];
    });
    const opened = (await this.vault.openMany(sealed)).values();
    return complaints.map(([complaintId, complaint], index) => {
      const { appId, ownerId, note } = complaint.complained;
      const push = filed[index];
      const content = push && opened.next().value;
      const words = note && opened.next().value;
      return {
        ...viewOf(complaintId, complaint),
        appId,
        appName: names.get(appId) ?? '',
        ownerId,
        costsPoints: costsPoints(complaint.complained),
        ...(outcomes[index] && { outcomes: outcomes[index] }),
        ...(words && { note: words }),
        ...(push && content && { evidence: evidenceOf(JSON.parse(content) as PushContent, push, complaint) }),
        history: historyOf(complaint),
      };
    });
  }

  private async outcomes(complaintId: string, { is, complained }: Known): Promise<SeverityOutcome[] | undefined> {
    if (is !== 'open' || !costsPoints(complained)) return undefined;
    const { state } = await this.standings.load(complained.ownerId);
    return outcomesOf(state, { complaintId, appId: complained.appId, operatorId: '' }, this.clock.now());
  }
}

function evidenceOf(
  content: PushContent,
  { pushedAt }: Filed,
  { complained: { sentBy, appKnowsKey } }: Known,
): NonNullable<ComplaintCase['evidence']> {
  return {
    ...content,
    pushedAt,
    ...(sentBy !== undefined && { sentBy }),
    ...(appKnowsKey !== undefined && { appKnowsKey }),
  };
}

function historyOf(complaint: Known): CaseEntry[] {
  const made: CaseEntry = { event: 'complaint.complained', at: complaint.complained.at };
  if (complaint.is === 'open') return [made];
  const { operatorId, note, at } = complaint.decided;
  return [
    made,
    {
      event: `complaint.${complaint.is}`,
      at,
      by: operatorId,
      ...(note !== undefined && { note }),
      ...(complaint.is === 'upheld' && { severity: complaint.decided.severity }),
    },
  ];
}

/** For the person who complained: what they said and what came of it. */
export function viewOf(complaintId: string, complaint: Known): ComplaintView {
  const { pushId, reason, at } = complaint.complained;
  return {
    id: complaintId,
    status: complaint.is,
    inboxItemId: pushId,
    reason,
    complainedAt: at,
    ...(complaint.is !== 'open' && { decidedAt: complaint.decided.at }),
    ...(complaint.is === 'upheld' && { severity: complaint.decided.severity }),
  };
}
