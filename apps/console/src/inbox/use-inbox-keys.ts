import { type RefObject, useEffect, useRef } from 'react';
import type { Mark } from './inbox-pages';

const marks: Readonly<Record<string, Mark>> = { e: 'archive', r: 'read', u: 'unread' };

/**
 * The list by keyboard: `j` and `k` go to the next and the former message, `e` archives the one that has the focus, `r`
 * and `u` mark it (all that are selected, when it is), `x` selects it, `/` goes to the search. Nothing while somebody types, and nothing together with a modifier.
 */
export function useInboxKeys(
  mark: (id: string, mark: Mark) => void,
  select: (id: string) => void,
  search: RefObject<HTMLInputElement | null>,
): void {
  const latest = useRef({ mark, select });
  latest.current = { mark, select };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        (event.target as Element | null)?.closest?.('input:not([type=checkbox]), textarea, select') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-inbox-item]')];
      const at = rows.findIndex((row) => row.closest('li')?.contains(document.activeElement));
      if (event.key === 'j') rows[Math.min(at + 1, rows.length - 1)]?.focus();
      else if (event.key === 'k') rows[Math.max(at - 1, 0)]?.focus();
      else if (event.key === '/') search.current?.focus();
      else {
        const wanted = marks[event.key];
        const id = rows[at]?.dataset.inboxItem;
        if (id === undefined || (wanted === undefined && event.key !== 'x')) return;
        if (wanted === undefined) latest.current.select(id);
        else latest.current.mark(id, wanted);
        if (wanted === 'archive') (rows[at + 1] ?? rows[at - 1])?.focus();
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}
