import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answered, api, type Problem } from '../api/client';
import { readAnew } from '../api/queries';

/** How often it is counted what waits. Counting shows nobody's text and is no look. */
const waitingEveryMs = 5_000;

/** How many cases wait behind which place, live while the page is in sight; absent where nobody counts. */
export function useWaiting(): Readonly<Record<string, number | undefined>> {
  const texts = useQuery({
    queryKey: ['waiting', 'texts'],
    queryFn: () => answered(api.GET('/v1/ops/reviews/waiting')),
    refetchInterval: waitingEveryMs,
  });
  const cases = useQuery({
    queryKey: ['waiting', 'cases'],
    queryFn: () => answered(api.GET('/v1/ops/complaints/waiting')),
    refetchInterval: waitingEveryMs,
  });
  // The second factor was taken off, or shown too long ago: the frame asks for it.
  const { code } = (texts.error ?? {}) as Partial<Problem>;
  useEffect(() => {
    if (code === 'role.second-factor') void readAnew('totp');
  }, [code]);
  return {
    '/ops': texts.data?.waiting,
    '/ops/complaints': cases.data?.complaints,
    '/ops/appeals': cases.data?.appeals,
    '/ops/bans': cases.data?.bans,
  };
}
