import { type Failure, failureOf } from './failure';

/** The part of a page that something is done on: `busy` keeps buttons from a second touch, `failure` says what went wrong. */
interface Doing {
  readonly data: { readonly busy: boolean };
  setData(changes: { readonly busy: boolean; readonly failure?: Failure | null }): void;
}

/** Does one thing at a time on a page; a failure is shown there. Answers whether it was done. */
export async function attempt(page: Doing, act: () => Promise<unknown>): Promise<boolean> {
  if (page.data.busy) return false;
  page.setData({ busy: true, failure: null });
  try {
    await act();
    page.setData({ busy: false });
    return true;
  } catch (error) {
    page.setData({ busy: false, failure: failureOf(error) });
    return false;
  }
}

/** What a touched element carries as `data-…`. */
export const touched = <T>(event: WechatMiniprogram.BaseEvent): T => event.currentTarget.dataset as T;
