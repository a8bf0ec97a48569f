import { Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { DigestChoice } from '../shared/digest-choice';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { useTexts } from '../texts/use-texts';

/** How often messages ring: each by itself, or together by the hour or day. */
export function Digest({ me }: { me: Schemas['Me'] }) {
  const { t } = useTexts();
  const saved = useMutation({
    mutationFn: (digest: NonNullable<Schemas['Me']['digest']> | null) =>
      answered(api.PATCH('/v1/me', { body: { digest } })),
    onSuccess: () => readAnew('me'),
  });
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.digest.title}
        </Title>
        <Text size="sm">{t.digest.what}</Text>
        <DigestChoice
          label={t.digest.every}
          digest={me.digest}
          choices={[
            { value: 'hour', label: t.digest.hour },
            { value: 'day', label: t.digest.day },
          ]}
          otherwise={t.digest.never}
          isSaving={saved.isPending}
          save={(digest) => saved.mutate(digest)}
        />
        <Said>{saved.isSuccess && <Text>{t.saved}</Text>}</Said>
        {saved.isError && <Failure error={saved.error} />}
      </Stack>
    </Paper>
  );
}
