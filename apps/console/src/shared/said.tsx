import { Box } from '@mantine/core';
import type { ReactNode } from 'react';

/** What is said to those who hear a page, when it comes: the place for it is there before, or nobody would be told (WAI-ARIA, status). */
export function Said({ children }: { children: ReactNode }) {
  return (
    <Box role="status" className="outcome">
      {children}
    </Box>
  );
}
