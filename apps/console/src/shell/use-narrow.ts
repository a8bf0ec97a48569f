import { useSyncExternalStore } from 'react';

/** As in shell.css: where the places have a line of their own. */
const narrow = matchMedia('(max-width: 48rem)');

/** Whether the screen is a phone's. */
export const useNarrow = (): boolean => useSyncExternalStore(onChange, () => narrow.matches);

function onChange(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}
