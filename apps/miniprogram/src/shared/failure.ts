import { Problem } from '../api/problem';
import { texts } from '../texts/texts';

/** What a page shows of something that did not work (`failure` in parts.wxml). */
export interface Failure {
  readonly title: string;
  /** What to do next. */
  readonly detail: string;
  /** With the id of the request to quote; empty where nothing answered. */
  readonly quote: string;
  readonly again: string;
}

/** In words for the person. What is no answer of the hub's is an unreachable hub. */
export function failureOf(error: unknown): Failure {
  const { title, detail, quote, again } = texts().t.failure;
  if (!(error instanceof Problem)) return { title, detail, quote: '', again };
  const { requestId } = error;
  return {
    title,
    detail: error.detail || detail,
    quote: requestId === undefined ? '' : `${quote} ${requestId}`,
    again,
  };
}
