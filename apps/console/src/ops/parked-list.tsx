import { Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Press } from '../shared/press';
import { Said } from '../shared/said';
import { When } from '../shared/when';
import { notByItself } from './not-by-itself';
import { useOpsTexts } from './use-ops-texts';

type ReactorGroup = NonNullable<Schemas['ServiceHealth']['groups']>[number];

/** The groups that gave events up: which ones, once somebody asks, and to give them to the group again. */
export function ParkedList({ groups }: { groups: readonly ReactorGroup[] }) {
  const { o } = useOpsTexts();
  if (groups.length === 0) return <Text size="sm">{o.nothing}</Text>;
  return (
    <Stack gap="sm">
      <Text size="sm">{o.health.parkedWhat}</Text>
      {groups.map(({ group, parked }) => (
        <ParkedGroup key={group} group={group} parked={parked} />
      ))}
    </Stack>
  );
}

function ParkedGroup({ group, parked }: { group: string; parked: number }) {
  const { o } = useOpsTexts();
  const [isOpen, setOpen] = useState(false);
  const [isReplayed, setReplayed] = useState(false);
  return (
    <Paper withBorder p="sm" data-parked-group={group}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text>
            {group}: {parked}
          </Text>
          <Group>
            <Button variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {o.health.showParked}
            </Button>
            <Press
              act={() => answered(api.POST('/v1/ops/parked/replay', { body: { group } }))}
              changes={['ops-health', 'ops-parked']}
              then={() => setReplayed(true)}
            >
              {o.health.replay}
            </Press>
          </Group>
        </Group>
        <Said>{isReplayed && <Text>{o.health.replayed}</Text>}</Said>
        {isOpen && <ParkedEvents group={group} />}
      </Stack>
    </Paper>
  );
}

/** A look at them is recorded: they are read when somebody opens the list, and not again by themselves. */
function ParkedEvents({ group }: { group: string }) {
  const { o } = useOpsTexts();
  const parked = useQuery({
    queryKey: ['ops-parked', group],
    queryFn: () => answered(api.GET('/v1/ops/parked', { params: { query: { group } } })),
    ...notByItself,
  });
  return (
    <Loaded of={parked}>
      {({ items }) => (
        <Stack gap="xs">
          <Text size="sm">{o.watched}</Text>
          {items.map(({ number, parkedAt, reason, type, stream, revision, data }) => (
            <div key={number}>
              <Text size="sm" className="words">
                {number} · <When at={parkedAt} /> · {reason} · {type} · {stream}@{revision}
              </Text>
              <Code block className="words">
                {JSON.stringify(data)}
              </Code>
            </div>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}
