import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readAnew } from '../api/queries';
import { Failure } from './failure';

interface PressProps extends ButtonProps {
  readonly act: () => Promise<unknown>;
  /** The reads that it changes. */
  readonly changes?: readonly string[];
  readonly then?: () => void;
  readonly children: ReactNode;
}

/** A button that does something at the hub: shows that it is under way, then what failed, if anything did. */
export function Press({ act, changes = [], then, children, ...button }: PressProps) {
  const pressed = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await readAnew(...changes);
      then?.();
    },
  });
  return (
    <>
      <Button loading={pressed.isPending} onClick={() => pressed.mutate()} {...button}>
        {children}
      </Button>
      {pressed.isError && <Failure error={pressed.error} />}
    </>
  );
}
