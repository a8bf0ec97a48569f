import { Button, Group, Table, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Part } from '../shared/part';
import { usePathId } from '../shared/use-path-id';
import { EventFacts } from './event-facts';
import { notByItself } from './not-by-itself';
import { stateLines } from './state-lines';
import { useOpsTexts } from './use-ops-texts';
import { useQueueKeys } from './use-queue-keys';

/** In the path, in the place of a revision: the stream's latest event. */
export const latest = 'latest';

/** What a stream added up to after each of its events: one moves through it, and sees what each event changed. */
export function StreamPage() {
  const { o } = useOpsTexts();
  const [stream, moment] = [usePathId(3), usePathId(4, 3)];
  const navigate = useNavigate();
  const shown = useQuery({
    queryKey: ['stream-state', stream, moment],
    queryFn: () => {
      const query = { stream, ...(moment !== latest && { revision: Number(moment) }) };
      return answered(api.GET('/v1/ops/audit/state', { params: { query } }));
    },
    placeholderData: keepPreviousData,
    ...notByItself,
  });
  const revision = (moment === latest ? shown.data?.event.revision : Number(moment)) ?? 0;
  const last = shown.data?.last ?? revision;
  const go = (to: number) => {
    if (to < 0 || to > last || to === revision) return;
    void navigate({ to: '/ops/streams/$stream/$revision', params: { stream, revision: String(to) }, replace: true });
  };
  const [earlier, later] = [() => go(revision - 1), () => go(revision + 1)];
  useQueueKeys({ n: later, p: earlier });
  return (
    <Page title={o.state.title}>
      <Text size="sm">{o.state.what}</Text>
      <Text size="sm" className="words">
        <Link to="/ops/audit">{o.state.back}</Link> · {stream}
      </Text>
      <Moment at={revision} last={last} go={go} />
      <Group align="flex-end">
        <Button variant="default" disabled={revision <= 0} onClick={earlier}>
          {o.state.earlier}
        </Button>
        <Button variant="default" disabled={revision >= last} onClick={later}>
          {o.state.later}
        </Button>
        <ByNumber last={last} go={go} />
      </Group>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {o.state.keys}
      </Text>
      <Loaded of={shown}>{(told) => <State told={told} isPast={shown.isPlaceholderData} />}</Loaded>
    </Page>
  );
}

/** The slider. What it passes over is not read: only where it is let go. */
function Moment({ at, last, go }: { at: number; last: number; go: (to: number) => void }) {
  const { o } = useOpsTexts();
  const [chosen, setChosen] = useState(at);
  useEffect(() => setChosen(at), [at]);
  const choose = () => go(chosen);
  return (
    <label className="moment">
      <Text component="span" size="sm">
        {o.state.moment(chosen, last)}
      </Text>
      <input
        type="range"
        min={0}
        max={last}
        value={chosen}
        aria-valuetext={o.state.moment(chosen, last)}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
        onPointerUp={choose}
        onKeyUp={choose}
        onBlur={choose}
      />
    </label>
  );
}

/** Of thousands of events no slider finds one. What is beyond the last one leads to that. */
function ByNumber({ last, go }: { last: number; go: (to: number) => void }) {
  const { o } = useOpsTexts();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (/^\d{1,9}$/.test(typed.trim())) go(Math.min(Number(typed), last));
    setTyped('');
  };
  return (
    <Group component="form" align="flex-end" onSubmit={submit}>
      <TextInput
        label={o.state.number}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {o.state.go}
      </Button>
    </Group>
  );
}

function State({ told, isPast }: { told: Schemas['StreamState']; isPast: boolean }) {
  const { o } = useOpsTexts();
  const { event, before, state } = told;
  const lines = stateLines(before, state);
  return (
    <div aria-busy={isPast} data-revision={event.revision}>
      <EventFacts event={event} />
      <Part title={o.state.after}>
        {lines.length === 0 && <Text size="sm">{o.nothing}</Text>}
        <Table.ScrollContainer minWidth={0} tabIndex={0} role="group" aria-label={o.state.after}>
          <Table>
            <Table.Tbody>
              {lines.map(({ path, value, was }) => (
                <Table.Tr key={path}>
                  <Table.Th scope="row" fw={400}>
                    {path}
                  </Table.Th>
                  <Table.Td>
                    {was === undefined ? value : <mark>{value ?? o.state.gone}</mark>}
                    {typeof was === 'string' && (
                      <Text component="span" size="sm" c="dimmed">
                        {' '}
                        {o.state.was} {was}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Part>
    </div>
  );
}
