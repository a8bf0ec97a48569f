import { useEffect, useState } from 'react';
import type { Formatted } from './markdown-tokens';

/** How long the worker may take to come: it is loaded from the hub. */
const hereWithinMs = 10_000;
/** How long it may read: a phone takes some ten milliseconds for the longest text that a person would write. */
const readWithinMs = 1_000;

/** What the worker says: first that it is here, then what it was asked. */
export type Said = 'here' | Formatted | undefined;

/**
 * The format of a markdown text, read beside the page, so that a text which was made to keep its reader busy keeps nobody:
 * the worker is ended when its time is over. `undefined` while it reads, `none` where the text is shown as it was written.
 */
export function useFormat(text: string | undefined): Formatted | 'none' | undefined {
  const [read, setRead] = useState<{ readonly text: string; readonly format: Formatted | 'none' }>();
  useEffect(() => {
    if (text === undefined) return undefined;
    const worker = new Worker(new URL('./markdown.worker.ts', import.meta.url), { type: 'module' });
    let timer = setTimeout(over, hereWithinMs);
    const leave = () => {
      clearTimeout(timer);
      worker.terminate();
    };
    worker.onerror = () => over();
    worker.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data !== 'here') return over(data);
      clearTimeout(timer);
      timer = setTimeout(over, readWithinMs);
    };
    worker.postMessage(text);
    return leave;

    function over(format: Formatted | 'none' = 'none'): void {
      leave();
      setRead({ text: text!, format });
    }
  }, [text]);
  return read?.text === text ? read?.format : undefined;
}
