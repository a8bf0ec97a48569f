import { CreditEvent } from '@hark/contracts';
import { Decider, IsoTime } from '@hark/kernel';

/** The most credits that are kept for an endpoint; what is granted beyond them is lost. */
export const creditsMax = 100;
/** How many spendings and reports are remembered, to know repeats and to give back only what was taken. */
const rememberedMax = 200;

/** What an endpoint has left. Never below zero. */
export interface Credit {
  readonly left: number;
  readonly reports: readonly string[];
  /** The spendings that were not given back, newest last. */
  readonly spent: readonly string[];
}

export type CreditCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Grant'; readonly reportId: string; readonly count: number }
  /** Makes no event when there is none left: whether it was taken, `spent` of the state after it tells. */
  | { readonly type: 'Take'; readonly spendId: string }
  /** The message was certainly not sent. */
  | { readonly type: 'Return'; readonly spendId: string }
  | { readonly type: 'Empty'; readonly reason: 'refused' | 'rejected' }
);

/** The ledger of one endpoint's credits. It may be wrong, because WeChat alone knows; it is corrected by `Empty`. */
export const creditDecider: Decider<Credit, CreditCommand, CreditEvent> = {
  initial: { left: 0, reports: [], spent: [] },

  decide(command, { left, reports, spent }) {
    const { at } = command;
    switch (command.type) {
      case 'Grant': {
        const { reportId } = command;
        const count = Math.min(command.count, creditsMax - left);
        if (count < 1 || reports.includes(reportId)) return [];
        return [{ type: 'credit.granted', data: { reportId, count, at } }];
      }
      case 'Take': {
        const { spendId } = command;
        return left < 1 || spent.includes(spendId) ? [] : [{ type: 'credit.taken', data: { spendId, at } }];
      }
      case 'Return': {
        const { spendId } = command;
        return spent.includes(spendId) ? [{ type: 'credit.returned', data: { spendId, at } }] : [];
      }
      case 'Empty':
        return left === 0 ? [] : [{ type: 'credit.emptied', data: { reason: command.reason, at } }];
    }
  },

  evolve(credit, event) {
    switch (event.type) {
      case 'credit.granted': {
        const { reportId, count } = event.data;
        return { ...credit, left: credit.left + count, reports: [...credit.reports, reportId].slice(-rememberedMax) };
      }
      case 'credit.taken':
        return { ...credit, left: credit.left - 1, spent: [...credit.spent, event.data.spendId].slice(-rememberedMax) };
      case 'credit.returned':
        return { ...credit, left: credit.left + 1, spent: credit.spent.filter((id) => id !== event.data.spendId) };
      case 'credit.emptied':
        return { ...credit, left: 0, spent: [] };
      default:
        event satisfies never;
        return credit;
    }
  },
};
