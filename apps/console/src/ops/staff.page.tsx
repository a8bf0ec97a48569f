import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { useSession } from '../api/use-session';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { Said } from '../shared/said';
import { When } from '../shared/when';
import { FindUser } from './find-user';
import { useOpsTexts } from './use-ops-texts';

const roles = ['operator', 'admin'] as const;
type Role = (typeof roles)[number];
/** Who gave a role that is taken back in the hub's settings only. */
const setting = 'HARK_ADMINS';

/** Who is operator or admin, by whom and since when; an admin grants roles and takes them back. */
export function StaffPage() {
  const { t, o } = useOpsTexts();
  const staff = useInfiniteQuery({
    queryKey: ['staff'],
    queryFn: ({ pageParam }) =>
      answered(api.GET('/v1/ops/users', { params: { query: { limit: 50, ...(pageParam && { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  return (
    <Page title={o.places['/ops/users']}>
      <Grant />
      <Loaded of={staff}>
        {({ pages }) => (
          <Stack gap="sm">
            {pages.flatMap(({ items }) => items.map((one) => <Person key={one.id} person={one} />))}
          </Stack>
        )}
      </Loaded>
      {staff.hasNextPage && (
        <div>
          <Button variant="default" loading={staff.isFetchingNextPage} onClick={() => void staff.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Person({ person }: { person: Schemas['Staff'] }) {
  const { o } = useOpsTexts();
  const session = useSession();
  const { id, grants, secondFactor } = person;
  const isMe = session.is === 'open' && session.user.id === id;
  return (
    <Paper withBorder p="md" component="section" aria-label={id}>
      <Stack gap="xs">
        <Group>
          <Text className="words" fw={600}>
            {id}
          </Text>
          {isMe && <Badge variant="outline">{o.staff.me}</Badge>}
        </Group>
        {grants.map(({ role, by, at }) => (
          <Group key={`${role} ${by}`}>
            <Text size="sm" className="words">
              {o.staff.roles[role]} · {by === setting ? o.staff.bySetting : `${o.by} ${by}`} · <When at={at} />
            </Text>
            {!isMe && by !== setting && (
              <Press variant="default" size="compact-sm" changes={['staff']} act={() => revoke(id, role)}>
                {o.staff.revoke[role]}
              </Press>
            )}
          </Group>
        ))}
        <Group>
          <Text size="sm">{secondFactor ? o.staff.factor : o.staff.noFactor}</Text>
          {secondFactor && !isMe && (
            <Press
              variant="default"
              size="compact-sm"
              changes={['staff']}
              act={() => answered(api.DELETE('/v1/ops/users/{userId}/totp', { params: { path: { userId: id } } }))}
            >
              {o.staff.resetFactor}
            </Press>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

const revoke = (userId: string, role: Role): Promise<unknown> => {
  const request = { params: { path: { userId } } };
  return role === 'admin'
    ? answered(api.DELETE('/v1/ops/users/{userId}/roles/admin', request))
    : answered(api.DELETE('/v1/ops/users/{userId}/roles/operator', request));
};

function Grant() {
  const { o } = useOpsTexts();
  const [userId, setUserId] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const granted = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/ops/users/{userId}/roles', { params: { path: { userId: userId.trim() } }, body: { role } }),
      ),
    onSuccess: async () => {
      setUserId('');
      await readAnew('staff');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    granted.mutate();
  };
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {o.staff.grant}
        </Title>
        <Text size="sm">{o.staff.grantWhat}</Text>
        <Group align="flex-end">
          <TextInput
            label={o.staff.id}
            required
            autoComplete="off"
            value={userId}
            onChange={(event) => setUserId(event.currentTarget.value)}
          />
          <NativeSelect
            label={o.staff.role}
            value={role}
            data={roles.map((value) => ({ value, label: o.staff.roles[value] }))}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
          <Button type="submit" loading={granted.isPending}>
            {o.staff.grantIt}
          </Button>
        </Group>
        <FindUser take={setUserId} />
        {granted.isError && <Failure error={granted.error} />}
        <Said>{granted.isSuccess && <Text>{o.staff.granted}</Text>}</Said>
      </Stack>
    </Paper>
  );
}
