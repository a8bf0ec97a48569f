import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { askForCode, logIn } from '../api/session';
import { Failure } from '../shared/failure';
import { useTexts } from '../texts/use-texts';

/** Log-in by a code that is mailed. */
export function ByMail() {
  const { t } = useTexts();
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const asked = useMutation({ mutationFn: askForCode });
  const proved = useMutation({ mutationFn: logIn });
  const challengeId = asked.data?.challengeId;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (challengeId === undefined) asked.mutate(address.trim());
    else proved.mutate({ provider: 'email', challengeId, code: code.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t.logIn.byMail}
        </Title>
        <TextInput
          label={t.logIn.address}
          type="email"
          name="address"
          autoComplete="email"
          required
          readOnly={challengeId !== undefined}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {challengeId !== undefined && (
          <>
            <Text size="sm">{t.logIn.mailed}</Text>
            <TextInput
              label={t.logIn.code}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          </>
        )}
        <Group>
          <Button type="submit" loading={asked.isPending || proved.isPending}>
            {challengeId === undefined ? t.logIn.askForCode : t.logIn.logIn}
          </Button>
          {challengeId !== undefined && (
            <Button variant="default" onClick={() => asked.reset()}>
              {t.logIn.otherAddress}
            </Button>
          )}
        </Group>
        {(asked.isError || proved.isError) && <Failure error={proved.error ?? asked.error} />}
      </Stack>
    </form>
  );
}
