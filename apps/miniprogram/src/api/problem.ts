import type { Answer } from './transport';

import type { components } from '#openapi';

/** What the hub refused, as its problem document says it. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, such as `binding.app-blocked`; empty where the answer was none of the hub's. */
  readonly code: string;
  /** What to do next, in the reader's language. Empty where the hub did not say. */
  readonly detail: string;
  readonly requestId: string | undefined;

  constructor({ status, data }: Answer) {
    const { code = '', detail = '', requestId } = (data ?? {}) as Partial<components['schemas']['Problem']>;
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.requestId = requestId;
  }
}
