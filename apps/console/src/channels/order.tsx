import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { useTexts } from '../texts/use-texts';

type Endpoint = Schemas['Endpoint'];

/** Those that are tried one after the other, in that order. */
const ranked = (endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.filter(({ rank }) => rank !== undefined).sort((a, b) => a.rank! - b.rank!);

/** Whether a channel gets every message, or only when those before it failed. */
export function Order({ endpoint: { id, rank }, all }: { endpoint: Endpoint; all: readonly Endpoint[] }) {
  const { t } = useTexts();
  const order = ranked(all).map((one) => one.id);
  const at = order.indexOf(id);
  const arranged = useMutation({
    mutationFn: (endpointIds: string[]) => answered(api.PATCH('/v1/endpoints/order', { body: { endpointIds } })),
    onSuccess: () => readAnew('endpoints'),
  });
  const others = order.filter((one) => one !== id);
  const put = (to: number) => arranged.mutate([...others.slice(0, to), id, ...others.slice(to)]);
  return (
    <>
      <Text size="sm">{rank === undefined ? t.channels.everyPush : t.channels.nth(at + 1)}</Text>
      <Group gap="xs" role="group" aria-label={t.channels.order}>
        {rank === undefined ? (
          <Button variant="default" size="compact-sm" loading={arranged.isPending} onClick={() => put(others.length)}>
            {t.channels.inTurn}
          </Button>
        ) : (
          <>
            <Button variant="default" size="compact-sm" disabled={at === 0} onClick={() => put(at - 1)}>
              {t.channels.earlier}
            </Button>
            <Button variant="default" size="compact-sm" disabled={at === order.length - 1} onClick={() => put(at + 1)}>
              {t.channels.later}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => arranged.mutate(others)}>
              {t.channels.notInTurn}
            </Button>
          </>
        )}
      </Group>
      {arranged.isError && <Failure error={arranged.error} />}
    </>
  );
}
