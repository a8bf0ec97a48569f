import { Button, Checkbox, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { useTexts } from '../texts/use-texts';
import { WeekGrid } from './week-grid';

type Hours = NonNullable<Schemas['Me']['quietHours']>[number];
const usual: Hours = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00', mode: 'defer' };
/** As many as the hub keeps. */
const hoursMax = 14;

/** Hours in which it is to be quiet: on which days, from when to when, and what becomes of what comes then. */
export function QuietHours({ me }: { me: Schemas['Me'] }) {
  const { t } = useTexts();
  const [hours, setHours] = useState<readonly Hours[]>(me.quietHours ?? []);
  const saved = useMutation({
    mutationFn: () => answered(api.PATCH('/v1/me', { body: { quietHours: [...hours] } })),
    onSuccess: () => readAnew('me'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saved.mutate();
  };
  const change = (index: number, one: Partial<Hours>) =>
    setHours(hours.map((before, at) => (at === index ? { ...before, ...one } : before)));
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.quiet.title}
        </Title>
        <Text size="sm">{t.quiet.what}</Text>
        <WeekGrid hours={[...hours]} />
        {hours.map(({ days, from, to, mode }, index) => (
          <Paper key={index} withBorder p="sm" role="group" aria-label={t.quiet.nth(index + 1)}>
            <Stack gap="xs">
              <Group gap="xs">
                {t.quiet.days.map((day, at) => (
                  <Checkbox
                    key={day}
                    label={day}
                    checked={days.includes(at + 1)}
                    onChange={({ currentTarget: { checked } }) =>
                      change(index, {
                        days: checked ? [...days, at + 1].sort() : days.filter((one) => one !== at + 1),
                      })
                    }
                  />
                ))}
              </Group>
              <Group align="flex-end">
                <TextInput
                  type="time"
                  label={t.quiet.from}
                  required
                  value={from}
                  onChange={({ currentTarget: { value } }) => change(index, { from: value })}
                />
                <TextInput
                  type="time"
                  label={t.quiet.to}
                  required
                  value={to}
                  onChange={({ currentTarget: { value } }) => change(index, { to: value })}
                />
                <NativeSelect
                  label={t.quiet.mode}
                  value={mode}
                  data={[
                    { value: 'defer', label: t.quiet.defer },
                    { value: 'inbox', label: t.quiet.inbox },
                  ]}
                  onChange={({ currentTarget: { value } }) => change(index, { mode: value as Hours['mode'] })}
                />
                <Button variant="subtle" color="red" onClick={() => setHours(hours.filter((_, at) => at !== index))}>
                  {t.quiet.remove}
                </Button>
              </Group>
            </Stack>
          </Paper>
        ))}
        <Group>
          {hours.length < hoursMax && (
            <Button variant="default" onClick={() => setHours([...hours, usual])}>
              {t.quiet.add}
            </Button>
          )}
          <Button type="submit" loading={saved.isPending}>
            {t.save}
          </Button>
        </Group>
        <Said>{saved.isSuccess && <Text>{t.saved}</Text>}</Said>
        {saved.isError && <Failure error={saved.error} />}
      </Stack>
    </Paper>
  );
}
