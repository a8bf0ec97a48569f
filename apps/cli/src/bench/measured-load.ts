import type { HubCost } from './cost-meter';
import type { LoadResult } from './push-load';

/** One run with what it cost. */
export interface MeasuredLoad extends LoadResult {
  readonly cost: HubCost;
  /** No errors, nothing lost, 99 % accepted, end-to-end p99 within a second. */
  readonly held: boolean;
}
