import type { KeyboardEvent } from 'react';

/** For `onKeyDown` of a question or a form: Escape closes it. Where letters are being put together it only ends that. */
export const byEscape =
  (close: () => void) =>
  ({ key, nativeEvent }: KeyboardEvent): void => {
    if (key === 'Escape' && !nativeEvent.isComposing) close();
  };
