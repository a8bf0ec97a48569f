import { Button, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { answered, api } from '../api/client';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { asApp } from './app-secret';

/** What would become of a push, without sending it: for whom, through what, and why not. */
export function Preview({ appId, secret }: { appId: string; secret: string }) {
  const { t } = useTexts();
  const list = useId();
  const [openid, setOpenid] = useState('');
  const [body, setBody] = useState('');
  const bindings = useQuery({
    queryKey: ['app-bindings', appId, secret],
    // With a key there is one person only, and no list of them.
    enabled: secret.startsWith('has_'),
    queryFn: () =>
      answered(
        api.GET('/v1/apps/{appId}/bindings', { ...asApp(secret), params: { path: { appId }, query: { limit: 100 } } }),
      ),
  });
  const previewed = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/pushes/preview', {
          ...asApp(secret),
          body: { body, ...(openid.trim() !== '' && { openid: openid.trim() }) },
        }),
      ),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    previewed.mutate();
  };
  return (
    <Stack gap="xs" component="form" onSubmit={submit}>
      <Title order={3} size="h5">
        {t.preview.title}
      </Title>
      <Text size="sm">{t.preview.what}</Text>
      <TextInput
        label={t.preview.openid}
        list={list}
        value={openid}
        onChange={(event) => setOpenid(event.currentTarget.value)}
      />
      <datalist id={list}>
        {bindings.data?.items.map((one) => (
          <option key={one.bindingId} value={one.openid} />
        ))}
      </datalist>
      <Textarea label={t.preview.body} required value={body} onChange={(event) => setBody(event.currentTarget.value)} />
      <Group>
        <Button type="submit" variant="default" loading={previewed.isPending}>
          {t.preview.ask}
        </Button>
      </Group>
      {previewed.isError && <Failure error={previewed.error} />}
      <Said>
        {previewed.data && (
          <>
            <Text size="sm">{t.preview.verdicts[previewed.data.moderation.verdict]}</Text>
            {previewed.data.recipients.map((one) => (
              <Text key={one.openid} size="sm" className="words">
                {one.openid}: {t.preview.decisions[one.decision]}
                {one.reason !== undefined && ` (${one.reasonText ?? one.reason})`}
                {one.channels !== undefined &&
                  ` ${one.channels.map((kind) => t.channels.kinds[kind as keyof typeof t.channels.kinds] ?? kind).join(', ')}`}{' '}
                {one.until !== undefined && <When at={one.until} />}
              </Text>
            ))}
          </>
        )}
      </Said>
    </Stack>
  );
}
