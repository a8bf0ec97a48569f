import { Badge, Button, Checkbox, Group, List, Paper, Radio, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { endpointName } from '../channels/endpoint-name';
import { AppName } from '../shared/app-name';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { usePathId } from '../shared/use-path-id';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

type Level = Schemas['Binding']['level'];
const levels: readonly Level[] = ['strong', 'weak', 'none'];

/** 授权页: who asks, for what, and a yes or no. */
export function ConsentPage() {
  const { t } = useTexts();
  const requestId = usePathId();
  const request = useQuery({
    queryKey: ['binding-request', requestId],
    queryFn: () => answered(api.GET('/v1/binding-requests/{requestId}', { params: { path: { requestId } } })),
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Page title={t.consent.title}>
      <Loaded of={request}>{(shown) => <Request requestId={requestId} request={shown} />}</Loaded>
    </Page>
  );
}

function Request({ requestId, request }: { requestId: string; request: Schemas['BindingRequest'] }) {
  const { t } = useTexts();
  const { app, purpose, domain, openidHint, terms, expiresAt } = request;
  // Nothing is chosen beforehand: an app rings only where its person said so.
  const [level, setLevel] = useState<Level | null>(null);
  const [without, setWithout] = useState<readonly string[]>([]);
  const card = useQuery({
    queryKey: ['app-card', app.id],
    queryFn: () => answered(api.GET('/v1/apps/{appId}/public', { params: { path: { appId: app.id } } })),
  });
  const endpoints = useQuery({
    queryKey: ['endpoints'],
    queryFn: () => answered(api.GET('/v1/endpoints')),
  });
  const verified = endpoints.data?.items.filter(({ status }) => status === 'verified') ?? [];
  const path = { params: { path: { requestId } } };
  const decided = useMutation({
    mutationFn: async (agree: boolean) =>
      agree
        ? answered(
            api.POST('/v1/binding-requests/{requestId}/approve', {
              ...path,
              body: {
                ...(level !== null && { level }),
                termsHash: terms.hash,
                // Unless somebody leaves one out the app may use every channel, those to come too.
                ...(without.length > 0 && {
                  channels: verified.map(({ id }) => id).filter((id) => !without.includes(id)),
                }),
              },
            }),
          )
        : answered(api.POST('/v1/binding-requests/{requestId}/decline', path)),
    onSuccess: async ({ redirectTo }) => {
      await readAnew('bindings');
      if (redirectTo !== undefined && isSafe(redirectTo)) location.assign(redirectTo);
    },
  });
  if (decided.data)
    return (
      <Stack role="status">
        <Text>{decided.data.bind ? t.consent.agreed(app.name) : t.consent.declined(app.name)}</Text>
        <Link to="/apps">{t.places['/apps']}</Link>
      </Stack>
    );
  return (
    <Stack>
      <Paper withBorder p="md">
        <Stack gap="xs">
          <AppName app={app} />
          {!app.verified && <Text size="sm">{t.consent.notVerified}</Text>}
          {card.data?.verifiedBy?.domain !== undefined && (
            <Text size="sm">{t.consent.provenDomain(card.data.verifiedBy.domain)}</Text>
          )}
          <Group gap="xs">
            <Text size="sm">
              {t.consent.since} <When at={app.createdAt} />
            </Text>
            {card.data && (
              <Badge variant="outline" color={card.data.standing === 'good' ? 'hark' : 'red'}>
                {t.standings[card.data.standing]}
              </Badge>
            )}
          </Group>
          {purpose !== undefined && <Text className="words">{t.consent.purpose(purpose)}</Text>}
          <Text size="sm">{t.consent.account(openidHint)}</Text>
          {domain !== undefined && <Text size="sm">{t.consent.backTo(domain)}</Text>}
        </Stack>
      </Paper>
      <Title order={2} size="h5">
        {t.consent.may}
      </Title>
      <List size="sm">
        {t.consent.mayList.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <Title order={2} size="h5">
        {t.consent.mayNot}
      </Title>
      <List size="sm">
        {t.consent.mayNotList.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <Radio.Group label={t.consent.level} value={level} onChange={(value) => setLevel(value)}>
        <Stack gap="xs" mt="xs">
          {levels.map((one) => (
            <Radio key={one} value={one} label={t.levels[one]} description={t.levelWords[one]} />
          ))}
        </Stack>
      </Radio.Group>
      {level === 'strong' && verified.length > 0 && (
        <Stack gap="xs" role="group" aria-label={t.consent.channels}>
          <Text fw={500}>{t.consent.channels}</Text>
          {verified.map((endpoint) => (
            <Checkbox
              key={endpoint.id}
              label={endpointName(endpoint, t)}
              checked={!without.includes(endpoint.id)}
              onChange={({ currentTarget: { checked } }) =>
                setWithout(checked ? without.filter((id) => id !== endpoint.id) : [...without, endpoint.id])
              }
            />
          ))}
        </Stack>
      )}
      <details>
        <summary>{t.consent.terms}</summary>
        <Text size="sm" className="words" mt="xs">
          {terms.text}
        </Text>
      </details>
      <Group>
        <Button disabled={level === null} loading={decided.isPending} onClick={() => decided.mutate(true)}>
          {t.consent.agree}
        </Button>
        <Button variant="default" disabled={decided.isPending} onClick={() => decided.mutate(false)}>
          {t.consent.decline}
        </Button>
      </Group>
      {level === null && <Text size="sm">{t.consent.chooseFirst}</Text>}
      <Text size="sm">
        {t.consent.until} <When at={expiresAt} />
      </Text>
      {decided.isError && <Failure error={decided.error} />}
    </Stack>
  );
}

/** The hub refuses such addresses when an app registers them; a page that follows them looks once more. */
const isSafe = (address: string): boolean =>
  URL.canParse(address) && !/^(javascript|data|blob|vbscript):/i.test(address.trim());
