import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { notByItself } from './not-by-itself';

/** A place in a queue. `round` makes a place that was seen before a new one: it is read, and recorded, anew. */
interface Place<Status> {
  readonly status: Status;
  readonly cursor?: string;
  readonly round: number;
}
interface Shown<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A queue whose cases are looked at one at a time: `read` asks for one. A look is recorded, so only what is shown is read, once, and
 * never by itself again. What waits (`first`) comes oldest first, so that nothing waits for ever; what has ended, newest first.
 * `next` is absent where nothing is shown; behind the last case `isOver`.
 */
export function useQueue<T, Status extends string>(
  name: string,
  first: Status,
  read: (query: { status: Status; order: 'oldest' | 'newest'; limit: 1; cursor?: string }) => Promise<Shown<T>>,
) {
  const [place, setPlace] = useState<Place<Status>>({ status: first, round: 0 });
  const [isOver, setIsOver] = useState(false);
  const { status, cursor, round } = place;
  const go = (to: Place<Status>) => {
    setIsOver(false);
    setPlace(to);
  };
  const looked = useQuery({
    queryKey: [name, place],
    queryFn: () =>
      read({
        status,
        order: status === first ? 'oldest' : 'newest',
        limit: 1,
        ...(cursor !== undefined && { cursor }),
      }),
    enabled: !isOver,
    ...notByItself,
  });
  const nextCursor = looked.data?.nextCursor;
  return {
    status,
    looked,
    isOver,
    item: isOver ? undefined : looked.data?.items[0],
    isEmpty: looked.data?.items.length === 0 && nextCursor === null,
    next:
      isOver || nextCursor === undefined
        ? undefined
        : () => (nextCursor === null ? setIsOver(true) : go({ status, round, cursor: nextCursor })),
    again: () => go({ status, round: round + 1 }),
    show: (other: Status) => go({ status: other, round: round + 1 }),
  };
}
