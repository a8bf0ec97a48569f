import { Badge, Button, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { AppName } from '../shared/app-name';
import { byEscape } from '../shared/by-escape';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { Said } from '../shared/said';
import { saveFile } from '../shared/save-file';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { checkReceipt } from './check-receipt';
import { type FineChange, FineTuning } from './fine-tuning';
import { Sent } from './sent';

type Binding = Schemas['Binding'];
const hourMs = 3_600_000;
const at = (bindingId: string) => ({ params: { path: { bindingId } } });

/** 已授权的应用: who may reach me, and how loudly. */
export function AppsPage() {
  const { t } = useTexts();
  const bindings = useQuery({
    queryKey: ['bindings'],
    queryFn: () => answered(api.GET('/v1/bindings', { params: { query: { limit: 200 } } })),
  });
  return (
    <Page title={t.places['/apps']}>
      <Loaded of={bindings}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t.apps.none}</Text>
          ) : (
            <Stack gap="sm">
              {items.map((binding) => (
                <BoundApp key={binding.id} binding={binding} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function BoundApp({ binding: read }: { binding: Binding }) {
  const { t } = useTexts();
  const { id } = read;
  const changed = useMutation({
    mutationFn: (change: FineChange & { level?: Binding['level']; muted?: boolean; mutedUntil?: string }) =>
      answered(api.PATCH('/v1/bindings/{bindingId}', { ...at(id), body: change })),
    onSuccess: () => readAnew('bindings'),
  });
  // What was chosen shows at once; when it fails, what is stored shows again.
  const binding = changed.isPending ? asChosen(read, changed.variables) : read;
  const { app, level, status, boundAt } = binding;
  return (
    <Paper withBorder p="md" component="section" aria-label={app.name}>
      <Stack gap="xs">
        <Group>
          <AppName app={app} />
          {status !== 'active' && <Badge color="gray">{t.apps.statuses[status]}</Badge>}
        </Group>
        <Text size="sm">
          {t.apps.since} <When at={boundAt} />
        </Text>
        {status === 'active' && (
          <>
            <SegmentedControl
              aria-label={t.consent.level}
              value={level}
              data={(['strong', 'weak', 'none'] as const).map((value) => ({ value, label: t.levels[value] }))}
              onChange={(value) => changed.mutate({ level: value })}
            />
            <Text size="sm">{t.levelWords[level]}</Text>
            <Mute binding={binding} change={(change) => changed.mutate(change)} />
            <Sent appId={app.id} bindingId={id} />
            <FineTuning binding={binding} change={(change) => changed.mutate(change)} />
          </>
        )}
        {changed.isError && <Failure error={changed.error} />}
        <Group>
          <Press
            variant="default"
            size="compact-sm"
            act={async () => {
              const { receipt } = await answered(api.GET('/v1/bindings/{bindingId}/receipt', at(id)));
              saveFile(`hark-receipt-${id}.jws`, receipt, 'application/jose');
            }}
          >
            {t.apps.receipt}
          </Press>
          <CheckReceipt bindingId={id} />
          {status === 'active' && <End binding={binding} />}
          {status === 'blocked' && (
            <Press
              variant="default"
              size="compact-sm"
              changes={['bindings']}
              act={() => answered(api.DELETE('/v1/blocks/{appId}', { params: { path: { appId: app.id } } }))}
            >
              {t.apps.unblock}
            </Press>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** Whether the receipt is the hub's own, by the keys that it publishes: anybody can check the file in the same way. */
function CheckReceipt({ bindingId }: { bindingId: string }) {
  const { t } = useTexts();
  const checked = useMutation({
    mutationFn: async () => {
      const { receipt } = await answered(api.GET('/v1/bindings/{bindingId}/receipt', at(bindingId)));
      const { keys } = await answered(api.GET('/.well-known/jwks.json'));
      return (await checkReceipt(receipt, keys)) !== undefined;
    },
  });
  return (
    <>
      <Button variant="default" size="compact-sm" loading={checked.isPending} onClick={() => checked.mutate()}>
        {t.apps.checkReceipt}
      </Button>
      <Said>
        {checked.data !== undefined && (
          <Text size="sm">{checked.data ? t.apps.receiptSigned : t.apps.receiptForged}</Text>
        )}
      </Said>
      {checked.isError && <Failure error={checked.error} />}
    </>
  );
}

function asChosen(
  binding: Binding,
  { level, critical, readReceipts }: FineChange & { level?: Binding['level'] },
): Binding {
  return {
    ...binding,
    ...(level !== undefined && { level }),
    ...(critical !== undefined && { critical }),
    ...(readReceipts !== undefined && { readReceipts }),
  };
}

function Mute({
  binding: { muted, mutedUntil },
  change,
}: {
  binding: Binding;
  change: (change: { muted: boolean; mutedUntil?: string }) => void;
}) {
  const { t } = useTexts();
  if (muted)
    return (
      <Group>
        <Text size="sm">
          {mutedUntil === undefined ? t.apps.muted : t.apps.mutedUntil}{' '}
          {mutedUntil !== undefined && <When at={mutedUntil} />}
        </Text>
        <Button variant="default" size="compact-sm" onClick={() => change({ muted: false })}>
          {t.apps.unmute}
        </Button>
      </Group>
    );
  const until = (time: Date) => change({ muted: true, mutedUntil: time.toISOString() });
  return (
    <Group role="group" aria-label={t.apps.mute}>
      <Text size="sm">{t.apps.mute}</Text>
      <Button variant="default" size="compact-sm" onClick={() => until(new Date(Date.now() + hourMs))}>
        {t.apps.forAnHour}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => until(tomorrow())}>
        {t.apps.untilTomorrow}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => change({ muted: true })}>
        {t.apps.untilLifted}
      </Button>
    </Group>
  );
}

/** A consent cannot be taken back into force by the person alone: the app has to ask anew. So it is asked about once. */
function End({ binding: { id, app } }: { binding: Binding }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button variant="subtle" color="red" size="compact-sm" onClick={() => setAsked(true)}>
        {t.apps.unbind}
      </Button>
    );
  const end = (block: boolean) =>
    answered(
      api.DELETE('/v1/bindings/{bindingId}', {
        params: { ...at(id).params, ...(block && { query: { block: 'true' as const } }) },
      }),
    );
  return (
    <Group role="group" aria-label={t.apps.unbind} onKeyDown={byEscape(() => setAsked(false))}>
      <Text size="sm">{t.apps.unbindWhat(app.name)}</Text>
      <Press color="red" size="compact-sm" changes={['bindings']} act={() => end(false)}>
        {t.apps.unbindIt}
      </Press>
      <Press color="red" variant="outline" size="compact-sm" changes={['bindings']} act={() => end(true)}>
        {t.apps.block}
      </Press>
      {/* Whoever asked by a key does not end it by the same key once more. */}
      <Button variant="default" size="compact-sm" autoFocus onClick={() => setAsked(false)}>
        {t.cancel}
      </Button>
    </Group>
  );
}

/** Tomorrow at eight, on the clock of this browser. */
function tomorrow(): Date {
  const time = new Date();
  time.setDate(time.getDate() + 1);
  time.setHours(8, 0, 0, 0);
  return time;
}
