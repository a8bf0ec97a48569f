import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Failure } from '../shared/failure';

interface CodeFormProps<T> {
  readonly label: string;
  readonly button: string;
  readonly act: (code: string) => Promise<T>;
  readonly then: (answer: T) => void;
}

/** Somebody types a code of their authenticator. A wrong one is said, and the field is free for the next. */
export function CodeForm<T>({ label, button, act, then }: CodeFormProps<T>) {
  const [code, setCode] = useState('');
  const shown = useMutation({
    mutationFn: act,
    onSuccess: then,
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    shown.mutate(code.replaceAll(/\s/g, ''));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            label={label}
            name="code"
            autoComplete="one-time-code"
            maxLength={40}
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" loading={shown.isPending}>
            {button}
          </Button>
        </Group>
        {shown.isError && <Failure error={shown.error} />}
      </Stack>
    </form>
  );
}
