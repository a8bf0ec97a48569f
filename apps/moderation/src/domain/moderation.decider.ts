import { ModerationEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

type DataOf<T extends ModerationEvent['type']> = Extract<ModerationEvent, { type: T }>['data'];
/** `parties`: the owner of the app that sent the text, and its recipient. Neither may decide about it. */
type Decision = Omit<DataOf<'moderation.approved'>, 'contentHash'> & {
  readonly parties: readonly string[];
  /** Of the text that the operator saw; absent for the push's first. */
  readonly edition?: number;
};

/** The chain's verdict on one text; `label` says why it did not pass. */
export type Verdict =
  | { readonly is: 'passed' }
  | { readonly is: 'held'; readonly label: string }
  | { readonly is: 'blocked'; readonly label: string };

export type ModerationCommand =
  | ({ readonly type: 'Judge'; readonly verdict: Verdict } & DataOf<'moderation.passed'>)
  /** The verdict after deferral number `tries`. Counts only while the text still waits for one. */
  | ({ readonly type: 'JudgeAgain'; readonly verdict: Verdict; readonly tries: number } & DataOf<'moderation.passed'>)
  | ({ readonly type: 'Resume' } & Omit<DataOf<'moderation.resumed'>, 'contentHash'>)
  | ({ readonly type: 'Approve' } & Decision)
  | ({ readonly type: 'Reject' } & Decision);

/** The verdict (内容安全) on a push. A changed text needs a new one; every text is judged at most once. */
export type Moderation =
  | { readonly is: 'absent' }
  | {
      readonly is: 'passed' | 'held' | 'blocked' | 'approved' | 'rejected';
      /** Names the text that was judged last, which this verdict is about. */
      readonly contentHash: string;
      /** Which text of the push that is: 0 for its first. */
      readonly edition: number;
      readonly label: string | null;
      /** The rules that judged it last. */
      readonly ruleVersion: string;
      /** The hashes of all texts that were judged, the last one included. */
      readonly judged: readonly string[];
      /** How often the verdict on this text was deferred, and whether it is deferred now. */
      readonly deferrals: number;
      readonly isDeferred: boolean;
    };

/**
 * The waits before a text without a verdict is judged again; the last one repeats. After `deferralsMax` only an
 * operator decides.
 */
const waitsMs: readonly number[] = [60_000, 300_000, 1_800_000, 3_600_000];
const deferralsMax = 26; // about a day; a push that old should not be sent without an operator

/** Labels that say why there was no verdict; they say nothing about the text. */
const saysNothingOfTheText: ReadonlySet<string> = new Set(['unavailable', 'too-long']);

export const moderationDecider: Decider<Moderation, ModerationCommand, ModerationEvent> = {
  initial: { is: 'absent' },

  decide(command, moderation) {
    if (command.type === 'Judge') {
      const { type: _, verdict, ...data } = command;
      // The first verdict stands: judging again may differ, because WeChat's opinion and the rules change.
      if (moderation.is !== 'absent' && moderation.judged.includes(data.contentHash)) return [];
      // The verdict on a text that was replaced meanwhile comes too late: it must not hide the newer one's.
      if (moderation.is !== 'absent' && (data.edition ?? 0) < moderation.edition) return [];
      return [verdictEvent(verdict, data), ...(isNone(verdict) ? deferral(data, 0) : [])];
    }
    if (command.type === 'Resume') {
      if (moderation.is !== 'held' || !moderation.isDeferred || moderation.deferrals !== command.tries) return [];
      const { type: _, ...data } = command;
      return [{ type: 'moderation.resumed', data: { contentHash: moderation.contentHash, ...data } }];
    }
    if (command.type === 'JudgeAgain') {
      const { type: _, verdict, tries, ...data } = command;
      if (moderation.is !== 'held' || moderation.contentHash !== data.contentHash) return [];
      // Only between a resumption and its answer: of two reactions to one resumption, one answer counts.
      if (moderation.isDeferred || moderation.deferrals !== tries || tries === 0) return [];
      return isNone(verdict) ? deferral(data, tries) : [verdictEvent(verdict, data)];
    }
    const decided = command.type === 'Approve' ? 'approved' : 'rejected';
    if (moderation.is === decided) return [];
    if (moderation.is === 'approved' || moderation.is === 'rejected') {
      throw new HarkError('conflict', 'review.already-decided', 'the held text was decided before');
    }
    if (moderation.is !== 'held') throw new HarkError('not-found', 'review.unknown', 'no text is held under this id');
    const { type: _, parties, edition = 0, ...decision } = command;
    if (edition !== moderation.edition) {
      throw new HarkError('conflict', 'review.edited', 'the sender has changed the text since the operator saw it');
    }
    if (parties.includes(decision.operatorId)) {
      throw new HarkError('refused', 'ops.own-matter', 'the operator sent the text or is to receive it');
    }
    const data = { contentHash: moderation.contentHash, ...decision };
    if (decided === 'approved') return [{ type: 'moderation.approved', data }];
    const { label } = moderation;
    return [
      {
        type: 'moderation.rejected',
        data: { ...data, label: label === null || saysNothingOfTheText.has(label) ? 'other' : label },
      },
    ];
  },

  evolve(moderation, event) {
    const { contentHash } = event.data;
    if (event.type === 'moderation.deferred' || event.type === 'moderation.resumed') {
      if (moderation.is === 'absent') return moderation;
      return { ...moderation, deferrals: event.data.tries, isDeferred: event.type === 'moderation.deferred' };
    }
    const before = moderation.is === 'absent' ? [] : moderation.judged;
    const judged = before.includes(contentHash) ? before : [...before, contentHash];
    const isVerdict = 'ruleVersion' in event.data;
    const edition = isVerdict ? (event.data.edition ?? 0) : moderation.is === 'absent' ? 0 : moderation.edition;
    const rules = moderation.is === 'absent' ? '' : moderation.ruleVersion;
    const ruleVersion = isVerdict ? event.data.ruleVersion : rules;
    const rest = { edition, ruleVersion, judged, deferrals: 0, isDeferred: false };
    switch (event.type) {
      case 'moderation.passed':
        return { is: 'passed', contentHash, label: null, ...rest };
      case 'moderation.held':
        return { is: 'held', contentHash, label: event.data.label, ...rest };
      case 'moderation.blocked':
        return { is: 'blocked', contentHash, label: event.data.label, ...rest };
      case 'moderation.approved':
        return { is: 'approved', contentHash, label: null, ...rest };
      case 'moderation.rejected':
        return { is: 'rejected', contentHash, label: event.data.label, ...rest };
      default:
        event satisfies never;
        return moderation;
    }
  },
};

/** Whether the chain came to no verdict. */
const isNone = (verdict: Verdict): boolean => verdict.is === 'held' && verdict.label === 'unavailable';

const verdictEvent = (verdict: Verdict, data: DataOf<'moderation.passed'>): ModerationEvent =>
  verdict.is === 'passed'
    ? { type: 'moderation.passed', data }
    : { type: `moderation.${verdict.is}`, data: { ...data, label: verdict.label } };

function deferral({ contentHash, at }: { contentHash: string; at: IsoTime }, before: number): ModerationEvent[] {
  if (before >= deferralsMax) return [];
  const waitMs = waitsMs[Math.min(before, waitsMs.length - 1)]!;
  return [{ type: 'moderation.deferred', data: { contentHash, tries: before + 1, until: plusMs(at, waitMs), at } }];
}
