import { CreditEvent } from '@hark/contracts';
import { Decider, IsoTime } from '@hark/kernel';

/** The most credits that are kept for an endpoint; what is granted beyond them is lost. */
export const creditsMax = 100;
/** How many spendings and reports are remembered, to know repeats and to give back only what was taken. */
const rememberedMax = 200;
/** A person answers a dialog at a time; the client and WeChat tell of it within minutes. */
const unmatchedMax = 20;
const matchMs = 10 * 60_000;

/** What an endpoint has left. Never below zero. */
export interface Credit {
  readonly left: number;
  readonly reports: readonly string[];
  /** The latest grants that only one of the two has told of so far, the person's client or WeChat. */
  readonly unmatched: readonly Told[];
  /** The spendings that were not given back, newest last. */
  readonly spent: readonly string[];
}

interface Told {
  readonly by: Teller;
  readonly at: IsoTime;
}
type Teller = 'client' | 'wechat';

export type CreditCommand = { readonly at: IsoTime } & (
  | { readonly type: 'Grant'; readonly reportId: string; readonly count: number; readonly by?: Teller }
  /** Makes no event when there is none left: whether it was taken, `spent` of the state after it tells. */
  | { readonly type: 'Take'; readonly spendId: string }
  /** The message was certainly not sent. */
  | { readonly type: 'Return'; readonly spendId: string }
  | { readonly type: 'Empty'; readonly reason: 'refused' | 'rejected'; readonly reportId?: string }
);

/** The ledger of one endpoint's credits. It may be wrong, because WeChat alone knows; it is corrected by `Empty`. */
export const creditDecider: Decider<Credit, CreditCommand, CreditEvent> = {
  initial: { left: 0, reports: [], unmatched: [], spent: [] },

  decide(command, { left, reports, unmatched, spent }) {
    const { at } = command;
    switch (command.type) {
      case 'Grant': {
        const { reportId, by = 'client' } = command;
        if (reports.includes(reportId)) return [];
        if (matchOf(unmatched, { by, at })) return [{ type: 'credit.confirmed', data: { reportId, by, at } }];
        const count = Math.min(command.count, creditsMax - left);
        if (count < 1) return [];
        return [{ type: 'credit.granted', data: { reportId, count, ...(by === 'wechat' && { by }), at } }];
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
        return emptied(command, { left, reports });
    }
  },

  evolve(credit, event) {
    switch (event.type) {
      case 'credit.granted': {
        const { reportId, count, by = 'client', at } = event.data;
        const told: Told = { by, at };
        const unmatched = [...credit.unmatched, told].slice(-unmatchedMax);
        return { ...credit, left: credit.left + count, unmatched, reports: known(credit, reportId) };
      }
      case 'credit.confirmed': {
        const match = matchOf(credit.unmatched, event.data);
        const unmatched = credit.unmatched.filter((told) => told !== match);
        return { ...credit, unmatched, reports: known(credit, event.data.reportId) };
      }
      case 'credit.taken':
        return { ...credit, left: credit.left - 1, spent: [...credit.spent, event.data.spendId].slice(-rememberedMax) };
      case 'credit.returned':
        return { ...credit, left: credit.left + 1, spent: credit.spent.filter((id) => id !== event.data.spendId) };
      case 'credit.emptied':
        return { ...credit, left: 0, spent: [], unmatched: [], reports: known(credit, event.data.reportId) };
      default:
        event satisfies never;
        return credit;
    }
  },
};

/** The grant that the other of the two told of, at about the same time, and this one not yet. */
const matchOf = (unmatched: readonly Told[], { by, at }: Told): Told | undefined =>
  unmatched.find((told) => told.by !== by && Math.abs(Date.parse(told.at) - Date.parse(at)) <= matchMs);

const known = ({ reports }: Credit, reportId: string | undefined): readonly string[] =>
  reportId === undefined ? reports : [...reports, reportId].slice(-rememberedMax);

// What WeChat pushes may come again, after the person has accepted anew: so it is remembered though nothing was left.
function emptied(
  { reason, reportId, at }: Extract<CreditCommand, { type: 'Empty' }>,
  { left, reports }: Pick<Credit, 'left' | 'reports'>,
): CreditEvent[] {
  if (reportId === undefined) return left === 0 ? [] : [{ type: 'credit.emptied', data: { reason, at } }];
  return reports.includes(reportId) ? [] : [{ type: 'credit.emptied', data: { reason, reportId, at } }];
}
