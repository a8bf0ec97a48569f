import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/client';
import { Failure } from '../shared/failure';
import { useOpsTexts } from './use-ops-texts';

/** Finds somebody by the whole address or openid that they proved. Stands inside a form, so it makes none of its own. */
export function FindUser({ take }: { take: (userId: string) => void }) {
  const { o } = useOpsTexts();
  const [typed, setTyped] = useState('');
  const found = useMutation({
    mutationFn: (sought: string) => {
      const body = sought.includes('@') ? { email: sought } : { openid: sought };
      return answered(api.POST('/v1/ops/users/find', { body }));
    },
  });
  const find = () => typed.trim() !== '' && found.mutate(typed.trim());
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <TextInput
          label={o.staff.sought}
          description={o.staff.soughtWhat}
          maxLength={254}
          autoComplete="off"
          flex={1}
          miw={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            find();
          }}
        />
        <Button variant="default" loading={found.isPending} onClick={find}>
          {o.staff.find}
        </Button>
      </Group>
      {found.isError && <Failure error={found.error} />}
      {found.data && (
        <Stack gap="xs" role="status">
          {found.data.items.length === 0 && <Text size="sm">{o.staff.nobody}</Text>}
          {found.data.items.map(({ id, by, roles }) => (
            <Group key={id}>
              <Text size="sm" className="words">
                {by} · {id} · {roles.map((role) => (role === 'user' ? o.staff.user : o.staff.roles[role])).join(', ')}
              </Text>
              <Button size="compact-sm" variant="default" onClick={() => take(id)}>
                {o.staff.take}
              </Button>
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  );
}
