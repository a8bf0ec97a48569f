import { type TouchEvent, useRef } from 'react';

/** So far a finger goes before it means something. */
const farPx = 80;
/** Below it, it may still become a scroll. */
const nearPx = 12;

/**
 * A row that a finger pushes aside: to the left and to the right each does something. What it does can be done by buttons
 * and keys as well.
 */
export function useSwipe(toLeft: () => void, toRight: () => void) {
  const from = useRef<{ readonly x: number; readonly y: number }>(undefined);
  const moved = useRef(0);
  const settle = (row: HTMLElement) => {
    row.style.transform = '';
    from.current = undefined;
    moved.current = 0;
  };
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const touch = touches[0];
      from.current = touches.length === 1 && touch ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchMove: ({ touches, currentTarget }: TouchEvent<HTMLElement>) => {
      const touch = touches[0];
      if (!from.current || !touch) return;
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
      if (moved.current === 0 && Math.abs(y) > nearPx) return settle(currentTarget);
      if (moved.current === 0 && Math.abs(x) < nearPx) return;
      moved.current = x;
      currentTarget.style.transform = `translateX(${x}px)`;
    },
    onTouchEnd: ({ currentTarget }: TouchEvent<HTMLElement>) => {
      const x = moved.current;
      settle(currentTarget);
      if (x <= -farPx) toLeft();
      else if (x >= farPx) toRight();
    },
    onTouchCancel: ({ currentTarget }: TouchEvent<HTMLElement>) => settle(currentTarget),
  };
}
