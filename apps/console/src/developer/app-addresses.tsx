import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { useTexts } from '../texts/use-texts';
import { ShownOnce } from './shown-once';

/** Where the app is: its homepage, where people come back to, and where the hub calls it. */
export function AppAddresses({ app }: { app: Schemas['App'] }) {
  const { t } = useTexts();
  const [homepage, setHomepage] = useState(app.homepage ?? '');
  const [redirectUris, setRedirectUris] = useState(app.redirectUris.join('\n'));
  const [callbackUrl, setCallbackUrl] = useState(app.callbackUrl ?? '');
  const saved = useMutation({
    mutationFn: () =>
      answered(
        api.PATCH('/v1/apps/{appId}', {
          params: { path: { appId: app.id } },
          body: {
            homepage: homepage.trim() || null,
            redirectUris: redirectUris.split(/\s+/).filter((uri) => uri !== ''),
            callbackUrl: callbackUrl.trim() || null,
          },
        }),
      ),
    onSuccess: () => readAnew('apps'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saved.mutate();
  };
  return (
    <Stack gap="sm" component="form" onSubmit={submit}>
      <TextInput
        type="url"
        label={t.app.homepage}
        value={homepage}
        onChange={(event) => setHomepage(event.currentTarget.value)}
      />
      <Textarea
        label={t.app.redirectUris}
        autosize
        minRows={1}
        maxRows={10}
        value={redirectUris}
        onChange={(event) => setRedirectUris(event.currentTarget.value)}
      />
      <TextInput
        type="url"
        label={t.app.callbackUrl}
        value={callbackUrl}
        onChange={(event) => setCallbackUrl(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={saved.isPending}>
          {t.save}
        </Button>
      </div>
      {saved.isError && <Failure error={saved.error} />}
      <Said>{saved.isSuccess && <Text>{t.saved}</Text>}</Said>
      {saved.data?.callbackSecret !== undefined && (
        <ShownOnce label={t.app.callbackSecret} what={t.app.callbackSecretOnce} secret={saved.data.callbackSecret} />
      )}
    </Stack>
  );
}
