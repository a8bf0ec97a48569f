import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { cameBack } from '../shell/kept-focus';
import type { InboxItem, Mark } from './inbox-pages';
import { InboxRow } from './inbox-row';
import { arrived, cameFrom } from './way-back';

/** About as high as a row is, before it was measured. */
const estimateSize = () => 96;
const gapPx = 10;
/** Rows that are there above and below of what is seen: the next one can take the focus. */
const beyond = 6;
/** WAI-ARIA's word for a set of which nobody knows the size: rows are not drawn anew for each page that was read. */
const notKnown = -1;
/** So many rows before the end the next page is read. */
const aheadRows = 40;

/** The rows that are in sight, of however many there are: a long inbox scrolls as a short one does. */
export function InboxRows({
  items,
  label,
  selected,
  toggle,
  mark,
  isWhole,
  more,
}: {
  items: readonly InboxItem[];
  label: string;
  selected: ReadonlySet<string>;
  toggle: (id: string) => void;
  mark: (id: string, mark: Mark) => void;
  isWhole: boolean;
  more: (() => void) | undefined;
}) {
  const list = useRef<HTMLUListElement>(null);
  // Rows are drawn anew when they change, not when what a mark would do does.
  const latest = useRef(mark);
  latest.current = mark;
  const markLatest = useCallback((id: string, one: Mark) => latest.current(id, one), []);
  const [scrollMargin, setScrollMargin] = useState(0);
  // What stands above grows and shrinks. Asked after the layout, as a question before it would cost one more in every frame.
  useLayoutEffect(() => {
    const resized = new ResizeObserver(() => setScrollMargin(list.current?.offsetTop ?? 0));
    resized.observe(document.body);
    return () => resized.disconnect();
  }, []);
  // With another function all rows are counted anew, and this is drawn for each step of a scroll.
  const getItemKey = useCallback((at: number) => items[at]!.id, [items]);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize,
    getItemKey,
    gap: gapPx,
    overscan: beyond,
    scrollMargin,
    // Rows beyond what is seen are there already: drawing can wait for the frame instead of being done for each event.
    useFlushSync: false,
  });
  // Back from a message: to its row, unless one has gone elsewhere meanwhile.
  const [from] = useState(cameFrom);
  const fromAt = useRef(items.findIndex(({ id }) => id === from));
  useEffect(() => {
    arrived();
    if (fromAt.current >= 0) rows.scrollToIndex(fromAt.current);
  }, [rows]);
  const shown = rows.getVirtualItems();
  const isFromShown = shown.some(({ index }) => index === fromAt.current);
  useEffect(() => {
    if (!isFromShown) return;
    fromAt.current = -1;
    const row = list.current?.querySelector<HTMLElement>(`[data-inbox-item="${from}"]`);
    if (!row || !document.activeElement?.matches('body, h1, main')) return;
    row.setAttribute(cameBack, '');
    row.focus({ preventScroll: true });
  }, [isFromShown, from]);
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= items.length - aheadRows;
  useEffect(() => {
    if (isNearEnd) more?.();
  }, [isNearEnd, more]);
  return (
    <ul ref={list} className="items" aria-label={label} style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, key, start }) => (
        <InboxRow
          key={key}
          item={items[index]!}
          place={{
            index,
            count: isWhole ? items.length : notKnown,
            top: start - scrollMargin,
            measure: rows.measureElement,
          }}
          isSelected={selected.has(items[index]!.id)}
          toggle={toggle}
          mark={markLatest}
        />
      ))}
    </ul>
  );
}
