import { Button, NativeSelect, NumberInput, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { chooseLanguage, type Language } from '../texts/language';
import { useTexts } from '../texts/use-texts';

/** As the hub bounds it, in days. */
const retention = { min: 30, max: 3_650 };
const zones = Intl.supportedValuesOf('timeZone');

/** Name, language, time zone, and how long messages stay. */
export function Me({ me }: { me: Schemas['Me'] }) {
  const { t, language } = useTexts();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [name, setName] = useState(me.displayName ?? '');
  const [locale, setLocale] = useState<Language>(me.locale ?? language);
  const [timeZone, setTimeZone] = useState(me.timeZone ?? here);
  const [days, setDays] = useState<number | string>(me.retentionDays ?? '');
  const saved = useMutation({
    mutationFn: () =>
      answered(
        api.PATCH('/v1/me', {
          body: {
            displayName: name.trim() === '' ? null : name.trim(),
            locale,
            timeZone,
            retentionDays: typeof days === 'number' ? days : null,
          },
        }),
      ),
    onSuccess: async () => {
      await chooseLanguage(locale);
      await readAnew('me');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saved.mutate();
  };
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.settings.me}
        </Title>
        <Text size="sm">
          {t.settings.id} <code className="words">{me.id}</code>
        </Text>
        <TextInput
          label={t.settings.name}
          maxLength={50}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t.settings.language}
          value={locale}
          data={[
            { value: 'zh-CN', label: '简体中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(event) => setLocale(event.currentTarget.value as Language)}
        />
        <NativeSelect
          label={t.settings.timeZone}
          value={timeZone}
          data={[...new Set([here, timeZone, ...zones])]}
          onChange={(event) => setTimeZone(event.currentTarget.value)}
        />
        <NumberInput
          label={t.settings.retention}
          {...retention}
          allowDecimal={false}
          hideControls
          value={days}
          onChange={setDays}
        />
        <div>
          <Button type="submit" loading={saved.isPending}>
            {t.save}
          </Button>
        </div>
        <Said>{saved.isSuccess && <Text>{t.saved}</Text>}</Said>
        {saved.isError && <Failure error={saved.error} />}
      </Stack>
    </Paper>
  );
}
