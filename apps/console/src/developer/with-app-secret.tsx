import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTexts } from '../texts/use-texts';
import { keepAppSecret, useAppSecret } from './app-secret';

/** What only the app itself may see, not its owner's session: the secret is asked for once in this tab. */
export function WithAppSecret({ appId, children }: { appId: string; children: (secret: string) => ReactNode }) {
  const { t } = useTexts();
  const secret = useAppSecret(appId);
  const [typed, setTyped] = useState('');
  if (secret !== undefined) return children(secret);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') keepAppSecret(appId, typed.trim());
  };
  return (
    <Stack gap="xs" component="form" onSubmit={submit}>
      <Text size="sm">{t.app.needsSecret}</Text>
      <Group align="flex-end">
        <PasswordInput
          label={t.app.secretOrKey}
          autoComplete="off"
          required
          flex={1}
          miw={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t.app.use}
        </Button>
      </Group>
    </Stack>
  );
}
