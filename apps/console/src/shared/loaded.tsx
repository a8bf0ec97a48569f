import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts';
import { Failure } from './failure';

/** A read as people see it: its shape while it comes, then its content, or what to do when it failed. */
export function Loaded<T>({ of, children }: { of: UseQueryResult<T, unknown>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.isError) return <Failure error={of.error} again={() => void of.refetch()} />;
  return <Shape />;
}

/** What is about to come, as a shape. */
export function Shape() {
  const { t } = useTexts();
  return (
    <Stack aria-busy="true" aria-label={t.loading} role="status">
      <Skeleton height={64} />
      <Skeleton height={64} />
      <Skeleton height={64} />
    </Stack>
  );
}
