import { Button, Group, NativeSelect, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { useOpsTexts } from './use-ops-texts';
import type { useQueue } from './use-queue';

interface QueuePageProps<T, Status extends string> {
  readonly title: string;
  readonly queue: ReturnType<typeof useQueue<T, Status>>;
  readonly statuses: Readonly<Record<Status, string>>;
  /** What was decided last, or why it was not. */
  readonly outcome: ReactNode;
  /** The buttons that decide about what is shown. */
  readonly decisions: ReactNode;
  readonly keys: string;
  readonly children: (item: T) => ReactNode;
}

/** Around every queue: which part of it, the case that is shown, what one may do about it, and on to the next. */
export function QueuePage<T, Status extends string>(props: QueuePageProps<T, Status>) {
  const { title, queue, statuses, outcome, decisions, keys, children } = props;
  const { o } = useOpsTexts();
  const { status, looked, isOver, item, isEmpty, next, again, show } = queue;
  return (
    <Page title={title}>
      <Text size="sm">{o.watched}</Text>
      <Group align="flex-end">
        <NativeSelect
          label={o.queue.show}
          value={status}
          data={Object.entries<string>(statuses).map(([value, label]) => ({ value, label }))}
          onChange={(event) => show(event.currentTarget.value as Status)}
        />
        <Button variant="default" onClick={again}>
          {o.queue.fromStart}
        </Button>
      </Group>
      {outcome}
      {isOver ? (
        <Text>{o.queue.all}</Text>
      ) : (
        <Loaded of={looked}>
          {() => (item === undefined ? <Text>{isEmpty ? o.queue.none : o.queue.gone}</Text> : children(item))}
        </Loaded>
      )}
      <Group>
        {item !== undefined && decisions}
        {next && !isEmpty && (
          <Button variant="default" onClick={next}>
            {o.queue.next}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {keys}
      </Text>
    </Page>
  );
}
