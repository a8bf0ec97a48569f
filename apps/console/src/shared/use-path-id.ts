import { useLocation } from '@tanstack/react-router';

/** The id in the path of a screen such as `/inbox/<id>`. */
export const usePathId = (): string => useLocation().pathname.split('/')[2] ?? '';
