/** What the service worker tells the pages that are open: the code that came through this browser's subscription. */
export interface HeardCode {
  readonly hark: 'code';
  readonly code: string;
}
