import { Button, Checkbox, Group, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { endpointName } from '../channels/endpoint-name';
import { DigestChoice, type DigestChosen } from '../shared/digest-choice';
import { useTexts } from '../texts/use-texts';

/** What may be changed of a consent beside its level. */
export interface FineChange {
  readonly channels?: string[] | null;
  readonly dailyCap?: number | null;
  readonly digest?: DigestChosen<'hour' | 'day' | 'never'> | null;
  readonly critical?: boolean;
  readonly readReceipts?: boolean;
}

/** As the hub bounds it. */
const dailyCapMax = 10_000;

/** How an app may ring: through which channels, how often a day, together with others, in quiet hours, and whether it learns what was read. */
export function FineTuning({ binding, change }: { binding: Schemas['Binding']; change: (change: FineChange) => void }) {
  const { t } = useTexts();
  const [cap, setCap] = useState<number | string>(binding.dailyCap ?? '');
  const endpoints = useQuery({ queryKey: ['endpoints'], queryFn: () => answered(api.GET('/v1/endpoints')) });
  const verified = endpoints.data?.items.filter(({ status }) => status === 'verified') ?? [];
  const all = verified.map(({ id }) => id);
  const chosen = binding.channels ?? all;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change({ dailyCap: typeof cap === 'number' ? cap : null });
  };
  const choose = (id: string, isChosen: boolean) => {
    const next = isChosen ? [...chosen, id] : chosen.filter((one) => one !== id);
    // All of them: those to come too.
    change({ channels: all.every((one) => next.includes(one)) ? null : next });
  };
  return (
    <details>
      <summary>{t.apps.more}</summary>
      <Stack gap="sm" mt="sm">
        {verified.length > 0 && (
          <Stack gap="xs" role="group" aria-label={t.consent.channels}>
            <Text size="sm">{t.consent.channels}</Text>
            {verified.map((endpoint) => (
              <Checkbox
                key={endpoint.id}
                label={endpointName(endpoint, t)}
                checked={chosen.includes(endpoint.id)}
                onChange={({ currentTarget: { checked } }) => choose(endpoint.id, checked)}
              />
            ))}
          </Stack>
        )}
        <Group component="form" onSubmit={submit} align="flex-end">
          <NumberInput
            label={t.apps.dailyCap}
            min={1}
            max={dailyCapMax}
            allowDecimal={false}
            hideControls
            value={cap}
            onChange={setCap}
          />
          <Button type="submit" variant="default">
            {t.save}
          </Button>
        </Group>
        <DigestChoice
          label={t.digest.every}
          digest={binding.digest}
          choices={[
            { value: 'never', label: t.digest.never },
            { value: 'hour', label: t.digest.hour },
            { value: 'day', label: t.digest.day },
          ]}
          otherwise={t.digest.asSet}
          isSaving={false}
          save={(digest) => change({ digest })}
        />
        <Switch
          label={t.apps.critical}
          checked={binding.critical}
          onChange={({ currentTarget: { checked } }) => change({ critical: checked })}
        />
        <Switch
          label={t.apps.readReceipts}
          checked={binding.readReceipts}
          onChange={({ currentTarget: { checked } }) => change({ readReceipts: checked })}
        />
      </Stack>
    </details>
  );
}
