import { useLocation } from '@tanstack/react-router';
import { useRef, useState } from 'react';

/**
 * The id in the path of a screen such as `/inbox/<id>`, or another `part` of the path; `place` is how much of the path names the
 * screen. A screen that one leaves is drawn once more, when the path is the next one's already: it keeps its own id.
 */
export function usePathId(part = 2, place = part): string {
  const parts = useLocation().pathname.split('/');
  const here = parts.slice(0, place).join('/');
  const [screen] = useState(here);
  const id = useRef('');
  if (here === screen && parts[part]) id.current = decodeURIComponent(parts[part]);
  return id.current;
}
