import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../api/client';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

/** Where a scanned code leads: which browser asks to be logged in as oneself, and yes or no. */
export function DevicePage() {
  const { t } = useTexts();
  const [userCode, setUserCode] = useState(() => new URLSearchParams(location.search).get('code') ?? '');
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUserCode(typed.trim());
  };
  return (
    <Page title={t.device.title}>
      {userCode === '' ? (
        <form onSubmit={submit}>
          <Stack maw={320} gap="sm">
            <TextInput
              label={t.device.code}
              required
              maxLength={40}
              autoCapitalize="characters"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <div>
              <Button type="submit">{t.device.look}</Button>
            </div>
          </Stack>
        </form>
      ) : (
        <Waiting userCode={userCode} other={() => setUserCode('')} />
      )}
    </Page>
  );
}

function Waiting({ userCode, other }: { userCode: string; other: () => void }) {
  const { t } = useTexts();
  const path = { params: { path: { userCode } } };
  const browser = useQuery({
    queryKey: ['device', userCode],
    queryFn: () => answered(api.GET('/v1/device-authorizations/{userCode}', path)),
    retry: false,
    refetchOnWindowFocus: false,
  });
  const decided = useMutation({
    mutationFn: (approve: boolean) =>
      answered(
        approve
          ? api.POST('/v1/device-authorizations/{userCode}/approve', path)
          : api.POST('/v1/device-authorizations/{userCode}/decline', path),
      ),
  });
  if (decided.data) return <Text role="status">{decided.data.approved ? t.device.approved : t.device.declined}</Text>;
  return (
    <Stack>
      <Loaded of={browser}>
        {({ userCode: code, device, place, expiresAt }) => (
          <Paper withBorder p="md">
            <Stack gap="xs">
              <Text>{t.device.asks}</Text>
              <Text fw={700}>{device ?? t.device.unknownBrowser}</Text>
              {place !== undefined && <Text>{t.device.from(place)}</Text>}
              <Text>
                {t.device.sameCode} <b>{code}</b>
              </Text>
              <Text size="sm">
                {t.device.until} <When at={expiresAt} />
              </Text>
              <Text size="sm">{t.device.warning}</Text>
              <Group>
                <Button loading={decided.isPending} onClick={() => decided.mutate(true)}>
                  {t.device.approve}
                </Button>
                <Button variant="default" disabled={decided.isPending} onClick={() => decided.mutate(false)}>
                  {t.device.decline}
                </Button>
              </Group>
              {decided.isError && <Failure error={decided.error} />}
            </Stack>
          </Paper>
        )}
      </Loaded>
      <div>
        <Button variant="subtle" onClick={other}>
          {t.device.other}
        </Button>
      </div>
    </Stack>
  );
}
