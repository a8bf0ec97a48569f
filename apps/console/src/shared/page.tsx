import { Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** A screen with its heading, which is also the name of the tab. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Hark`;
  }, [title]);
  return (
    <Stack gap="md">
      <Title order={1} size="h3" tabIndex={-1}>
        {title}
      </Title>
      {children}
    </Stack>
  );
}
