import { aadOf, ComplaintCase, ComplaintView } from '@hark/contracts';
import { Vault } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';
import { Complaint } from './domain/complaint.decider';
import { costsPoints } from './domain/costs-points';
import { PushesStore } from './pushes.store';

type Known = Exclude<Complaint, { is: 'absent' }>;

/** Shows a complaint to whoever may see it. */
@Injectable()
export class ComplaintCases {
  constructor(
    private readonly pushes: PushesStore,
    private readonly vault: Vault,
  ) {}

  /** For an operator: with the push as evidence and the note, never who complained. */
  async forOperator(complaintId: string, complaint: Known): Promise<ComplaintCase> {
    const { pushId, appId, ownerId, note, sentBy, appKnowsKey } = complaint.complained;
    const filed = await this.pushes.filed(pushId);
    const [content, words] = await Promise.all([
      filed && this.pushes.content(pushId, filed),
      note && this.vault.open(note, aadOf.complaintNote(complaintId)),
    ]);
    return {
      ...viewOf(complaintId, complaint),
      appId,
      ownerId,
      costsPoints: costsPoints(complaint.complained),
      ...(words && { note: words }),
      ...(filed &&
        content && {
          evidence: {
            ...(content.title && { title: content.title }),
            body: content.body,
            ...(content.url && { url: content.url }),
            pushedAt: filed.pushedAt,
            ...(sentBy !== undefined && { sentBy }),
            ...(appKnowsKey !== undefined && { appKnowsKey }),
          },
        }),
    };
  }
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
