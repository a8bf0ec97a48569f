import { useLocation } from '@tanstack/react-router';

/** The id in the path of a screen such as `/inbox/<id>`, or another `part` of the path. */
export const usePathId = (part = 2): string => decodeURIComponent(useLocation().pathname.split('/')[part] ?? '');
