const stored = 'hark.place';

/** Remembers in this tab where somebody was before a log-in led them away. */
export const keepPlace = (): void => sessionStorage.setItem(stored, `${location.pathname}${location.search}`);

/** Where they were, once; else the inbox. Never another origin. */
export function takePlace(): string {
  const place = sessionStorage.getItem(stored) ?? '/';
  sessionStorage.removeItem(stored);
  return /^\/(?!\/|\\|sandbox-login|log-in)/.test(place) ? place : '/';
}
