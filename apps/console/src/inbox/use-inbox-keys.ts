import { type RefObject, useEffect, useRef } from 'react';
import type { Mark } from './mark-item';

const marks: Readonly<Record<string, Mark>> = { e: 'archive', r: 'read', u: 'unread' };

/**
 * The list by keyboard: `j` and `k` go to the next and the former message, `e` archives the one that has the focus, `r`
 * and `u` mark it, `/` goes to the search. Nothing while somebody types, and nothing together with a modifier.
 */
export function useInboxKeys(mark: (id: string, mark: Mark) => void, search: RefObject<HTMLInputElement | null>): void {
  const latest = useRef(mark);
  latest.current = mark;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element | null)?.closest?.('input, textarea, select') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-inbox-item]')];
      const at = rows.findIndex((row) => row === document.activeElement);
      if (event.key === 'j') rows[Math.min(at + 1, rows.length - 1)]?.focus();
      else if (event.key === 'k') rows[Math.max(at - 1, 0)]?.focus();
      else if (event.key === '/') search.current?.focus();
      else {
        const wanted = marks[event.key];
        const id = rows[at]?.dataset.inboxItem;
        if (wanted === undefined || id === undefined) return;
        latest.current(id, wanted);
        if (wanted === 'archive') (rows[at + 1] ?? rows[at - 1])?.focus();
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}
