import type { HubCost } from './cost-meter';
import type { BudgetCost } from './profile-parts';
import type { LoadResult } from './push-load';

/** One run with what it cost. */
export interface MeasuredLoad extends LoadResult {
  readonly cost: HubCost;
  /** With `--cpu-prof`: the cost by the parts of the budget. The profile itself costs some of it. */
  readonly budget?: readonly BudgetCost[];
  /** No errors, nothing lost, 99 % accepted, end-to-end p99 within a second. */
  readonly held: boolean;
}
