import { QueryClient } from '@tanstack/react-query';

/** Reads are kept for a moment and asked anew when a tab is looked at again; a clear no is not asked twice. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && ((error as { status?: number } | null)?.status ?? 503) >= 500,
    },
  },
});

/**
 * Reads everything under these names anew: what a write may have changed. A first read that is still under way may be older than
 * the write, and would be joined: it is given up.
 */
export const readAnew = (...names: string[]): Promise<unknown> =>
  Promise.all(
    names.map(async (name) => {
      await queries.cancelQueries({ queryKey: [name] });
      await queries.invalidateQueries({ queryKey: [name] });
    }),
  );
