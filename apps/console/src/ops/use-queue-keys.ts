import { useEffect, useRef } from 'react';

/**
 * A queue by keyboard: what each key does now. Nothing while somebody types, nothing together with a modifier, and a key that
 * is held down counts once: nobody decides what they have not seen.
 */
export function useQueueKeys(keys: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        (event.target as Element | null)?.closest?.('input:not([type=radio]), textarea, select') !== null;
      if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!Object.hasOwn(latest.current, event.key)) return;
      latest.current[event.key]?.();
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
