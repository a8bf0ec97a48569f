import { Button, Group, Paper, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../api/client';
import { readAnew } from '../api/queries';
import { AppName } from '../shared/app-name';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { keepAppSecret } from './app-secret';
import { FirstPush } from './first-push';
import { ShownOnce } from './shown-once';

/** For those who send: a first push, their apps, a new one. */
export function DeveloperPage() {
  const { t } = useTexts();
  const apps = useQuery({
    queryKey: ['apps'],
    queryFn: () => answered(api.GET('/v1/apps', { params: { query: { limit: 200 } } })),
  });
  return (
    <Page title={t.places['/developer']}>
      <FirstPush />
      <Title order={2} size="h4">
        {t.developer.mine}
      </Title>
      <Loaded of={apps}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t.developer.none}</Text>
          ) : (
            <Stack gap="xs">
              {items.map((app) => (
                <Paper key={app.id} withBorder p="md">
                  <AppName app={app} />
                  {app.description !== undefined && <Text className="words">{app.description}</Text>}
                  <Text size="sm">
                    {t.developer.since} <When at={app.createdAt} />
                  </Text>
                  <Standing appId={app.id} />
                  <Link to="/developer/$appId" params={{ appId: app.id }} aria-label={t.developer.openIt(app.name)}>
                    {t.developer.open}
                  </Link>
                </Paper>
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Register />
    </Page>
  );
}

function Standing({ appId }: { appId: string }) {
  const { t } = useTexts();
  const standing = useQuery({
    queryKey: ['standing', appId],
    queryFn: () => answered(api.GET('/v1/apps/{appId}/standing', { params: { path: { appId } } })),
  });
  if (!standing.data) return null;
  const { points, status, until } = standing.data;
  return (
    <Text size="sm">
      {t.developer.standing(points, t.standings[status])} {until !== undefined && <When at={until} />}
    </Text>
  );
}

function Register() {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const registered = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/apps', {
          body: { name: name.trim(), ...(description.trim() !== '' && { description: description.trim() }) },
        }),
      ),
    onSuccess: async ({ app, secret }) => {
      keepAppSecret(app.id, secret);
      setName('');
      setDescription('');
      await readAnew('apps');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    registered.mutate();
  };
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.developer.register}
        </Title>
        <TextInput
          label={t.developer.name}
          required
          maxLength={50}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t.developer.description}
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={registered.isPending}>
            {t.developer.registerIt}
          </Button>
        </Group>
        {registered.isError && <Failure error={registered.error} />}
        {registered.data && (
          <ShownOnce label={t.developer.secret} what={t.developer.secretOnce} secret={registered.data.secret} />
        )}
      </Stack>
    </Paper>
  );
}
