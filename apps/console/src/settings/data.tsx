import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../api/client';
import { logOut } from '../api/session';
import { Failure } from '../shared/failure';
import { Press } from '../shared/press';
import { saveFile } from '../shared/save-file';
import { useTexts } from '../texts/use-texts';

/** Pages of an export at most: far more than anybody has. */
const exportPagesMax = 10_000;

/** Everything that the hub holds on one, to take along or to have erased. */
export function Data() {
  const { t } = useTexts();
  const [typed, setTyped] = useState('');
  const erased = useMutation({
    mutationFn: () => answered(api.DELETE('/v1/me')),
    onSuccess: () => logOut(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    erased.mutate();
  };
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.data.title}
        </Title>
        <Group>
          <Press
            variant="default"
            act={async () =>
              saveFile('hark-export.json', JSON.stringify(await exported(), null, 2), 'application/json')
            }
          >
            {t.data.export}
          </Press>
        </Group>
        <Text size="sm">{t.data.eraseWhat}</Text>
        <TextInput
          label={t.data.typeToErase(t.data.eraseWord)}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" color="red" disabled={typed.trim() !== t.data.eraseWord} loading={erased.isPending}>
            {t.data.erase}
          </Button>
        </div>
        {erased.isError && <Failure error={erased.error} />}
      </Stack>
    </Paper>
  );
}

async function exported(): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let cursor: string | null | undefined; pages.length < exportPagesMax;) {
    const page = await answered(
      api.GET('/v1/me/export', { params: { query: typeof cursor === 'string' ? { cursor } : {} } }),
    );
    pages.push(page);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return pages;
}
