import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { Said } from '../shared/said';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { endpointName } from './endpoint-name';
import { Order } from './order';
import { ThisBrowser } from './this-browser';

type Endpoint = Schemas['Endpoint'];
const at = (endpointId: string) => ({ params: { path: { endpointId } } });
/** A code that was asked for comes, and what became of it shows, within seconds. */
const endpointsEveryMs = 5_000;

/** 通道: where one is reached. */
export function ChannelsPage() {
  const { t } = useTexts();
  const endpoints = useQuery({
    queryKey: ['endpoints'],
    queryFn: () => answered(api.GET('/v1/endpoints')),
    refetchInterval: endpointsEveryMs,
  });
  return (
    <Page title={t.places['/channels']}>
      <Text size="sm">{t.channels.what}</Text>
      <Loaded of={endpoints}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t.channels.none}</Text>
          ) : (
            <Stack gap="xs">
              {items.map((endpoint) => (
                <Channel key={endpoint.id} endpoint={endpoint} all={items} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Add />
    </Page>
  );
}

function Channel({ endpoint, all }: { endpoint: Endpoint; all: readonly Endpoint[] }) {
  const { t } = useTexts();
  const name = endpointName(endpoint, t);
  const tested = useMutation({
    mutationFn: () => answered(api.POST('/v1/endpoints/{endpointId}/test', at(endpoint.id))),
  });
  const { status, detail, lastTrouble } = endpoint;
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="xs">
        <Group>
          <Text fw={600} className="words">
            {name}
          </Text>
          <Badge variant={status === 'verified' ? 'outline' : 'default'}>{t.channels.statuses[status]}</Badge>
        </Group>
        {detail !== undefined && <Text size="sm">{detail}</Text>}
        {lastTrouble && (
          <Text size="sm">
            {t.channels.trouble} <When at={lastTrouble.at} />: {lastTrouble.detail ?? lastTrouble.reason}
          </Text>
        )}
        {status !== 'verified' && <Verify endpoint={endpoint} />}
        {status === 'verified' && all.length > 1 && <Order endpoint={endpoint} all={all} />}
        <Rename endpoint={endpoint} />
        <Group>
          {status === 'verified' && (
            <Button variant="default" size="compact-sm" loading={tested.isPending} onClick={() => tested.mutate()}>
              {t.channels.test}
            </Button>
          )}
          <Press
            variant="subtle"
            color="red"
            size="compact-sm"
            changes={['endpoints']}
            act={() => answered(api.DELETE('/v1/endpoints/{endpointId}', at(endpoint.id)))}
          >
            {t.channels.remove}
          </Press>
        </Group>
        <Said>{tested.data && <Text>{tested.data.detail}</Text>}</Said>
        {tested.isError && <Failure error={tested.error} />}
      </Stack>
    </Paper>
  );
}

function Rename({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTexts();
  const [name, setName] = useState(endpoint.name ?? '');
  const renamed = useMutation({
    mutationFn: () =>
      answered(api.PATCH('/v1/endpoints/{endpointId}', { ...at(endpoint.id), body: { name: name.trim() } })),
    onSuccess: () => readAnew('endpoints'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    renamed.mutate();
  };
  return (
    <details>
      <summary>{t.channels.rename}</summary>
      <Group component="form" onSubmit={submit} align="flex-end" mt="xs">
        <TextInput
          label={t.channels.name}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={renamed.isPending}>
          {t.save}
        </Button>
      </Group>
      {renamed.isError && <Failure error={renamed.error} />}
    </details>
  );
}

function Verify({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTexts();
  const [code, setCode] = useState('');
  const verified = useMutation({
    mutationFn: () =>
      answered(api.POST('/v1/endpoints/{endpointId}/verify', { ...at(endpoint.id), body: { code: code.trim() } })),
    onSuccess: () => readAnew('endpoints'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    verified.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput
          label={t.channels.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={20}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={verified.isPending}>
          {t.channels.verify}
        </Button>
      </Group>
      {verified.isError && <Failure error={verified.error} />}
    </form>
  );
}

/** The form of a kind is made of what the hub says that the kind takes. */
function Add() {
  const { t } = useTexts();
  const [kind, setKind] = useState('email');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const kinds = useQuery({
    queryKey: ['endpoint-kinds'],
    queryFn: () => answered(api.GET('/v1/endpoint-kinds')),
    staleTime: Infinity,
  });
  const added = useMutation({
    mutationFn: () => {
      const given = Object.entries(values).filter(([, value]) => value.trim() !== '');
      return answered(api.POST('/v1/endpoints', { body: { kind, ...Object.fromEntries(given) } }));
    },
    onSuccess: async () => {
      setValues({});
      await readAnew('endpoints');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    added.mutate();
  };
  return (
    <Loaded of={kinds}>
      {({ items: all }) => {
        const browser = all.find(({ applicationServerKey }) => applicationServerKey !== undefined);
        const items = all.filter((one) => one !== browser);
        const chosen = items.find((one) => one.kind === kind) ?? items[0];
        const fields = chosen?.fields.filter(({ type }) => type === 'string') ?? [];
        return (
          <>
            {browser?.applicationServerKey && <ThisBrowser applicationServerKey={browser.applicationServerKey} />}
            <Paper withBorder p="md" component="form" onSubmit={submit}>
              <Stack gap="sm">
                <Title order={2} size="h4">
                  {t.channels.add}
                </Title>
                <NativeSelect
                  label={t.channels.kind}
                  value={chosen?.kind}
                  data={items.map((one) => ({
                    value: one.kind,
                    label: t.channels.kinds[one.kind as keyof typeof t.channels.kinds] ?? one.kind,
                  }))}
                  onChange={(event) => {
                    setKind(event.currentTarget.value);
                    setValues({});
                  }}
                />
                {fields.map(({ name, required }) => (
                  <TextInput
                    key={name}
                    label={t.channels.fields[name as keyof typeof t.channels.fields] ?? name}
                    required={required}
                    autoComplete="off"
                    value={values[name] ?? ''}
                    onChange={({ currentTarget: { value } }) => setValues((before) => ({ ...before, [name]: value }))}
                  />
                ))}
                <Group>
                  <Button type="submit" loading={added.isPending}>
                    {t.channels.addIt}
                  </Button>
                </Group>
                {added.isError && <Failure error={added.error} />}
              </Stack>
            </Paper>
          </>
        );
      }}
    </Loaded>
  );
}
