import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { keepAppSecret } from './app-secret';
import { ShownOnce } from './shown-once';

/** A new secret, and the end of the app: that cannot be taken back, so its name is typed. */
export function AppEnd({ app: { id, name, secrets = [] } }: { app: Schemas['App'] }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const path = { params: { path: { appId: id } } };
  const rotated = useMutation({
    mutationFn: () => answered(api.POST('/v1/apps/{appId}/secret', { ...path, body: {} })),
    onSuccess: ({ secret }) => keepAppSecret(id, secret),
  });
  const deleted = useMutation({
    mutationKey: ['app-end', id],
    mutationFn: () => answered(api.DELETE('/v1/apps/{appId}', path)),
    onSuccess: async () => {
      await navigate({ to: '/developer' });
      await readAnew('apps');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deleted.mutate();
  };
  return (
    <Stack gap="sm">
      {secrets.map(({ until, lastUsedOn }, index) => (
        <Text size="sm" key={until ?? index}>
          {index === 0 ? t.app.presentSecret : t.app.formerSecret}{' '}
          {lastUsedOn === undefined ? t.app.neverUsed : t.app.lastUsedOn(lastUsedOn)}
        </Text>
      ))}
      <Text size="sm">{t.app.rotateWhat}</Text>
      <div>
        <Button variant="default" loading={rotated.isPending} onClick={() => rotated.mutate()}>
          {t.app.rotate}
        </Button>
      </div>
      {rotated.isError && <Failure error={rotated.error} />}
      {rotated.data && (
        <>
          <ShownOnce label={t.developer.secret} what={t.developer.secretOnce} secret={rotated.data.secret} />
          {rotated.data.oldSecretUntil !== undefined && (
            <Text size="sm">
              {t.app.oldUntil} <When at={rotated.data.oldSecretUntil} />
            </Text>
          )}
        </>
      )}
      <Text size="sm">{t.app.deleteWhat}</Text>
      <Group component="form" onSubmit={submit} align="flex-end">
        <TextInput
          label={t.app.typeToDelete(name)}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" color="red" disabled={typed.trim() !== name} loading={deleted.isPending}>
          {t.app.delete}
        </Button>
      </Group>
      {deleted.isError && <Failure error={deleted.error} />}
    </Stack>
  );
}
