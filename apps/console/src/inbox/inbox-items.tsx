import { Button, Checkbox, Group } from '@mantine/core';
import { useTexts } from '../texts/use-texts';
import type { InboxItem, Mark, View } from './inbox-pages';
import { InboxRows } from './inbox-rows';

/** The messages of a list, and what is done with many of them at once. Loaded when there are some: a newcomer has none. */
export function InboxItems({
  view,
  select,
  markSelected,
  marking,
  ...rows
}: {
  readonly items: readonly InboxItem[];
  readonly label: string;
  readonly view: View;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly toggle: (id: string) => void;
  readonly mark: (id: string, mark: Mark) => void;
  readonly markSelected: (mark: Mark) => void;
  /** The mark that is on its way. */
  readonly marking: Mark | undefined;
  readonly isWhole: boolean;
  readonly more: (() => void) | undefined;
}) {
  const { t } = useTexts();
  const { items, selected } = rows;
  const chosen = items.filter(({ id }) => selected.has(id)).length;
  return (
    <>
      <Group role="group" aria-label={t.inbox.selection} gap="xs" mih={30}>
        <Checkbox
          label={chosen === 0 ? t.inbox.selectAll : t.inbox.selected(chosen)}
          checked={chosen === items.length}
          indeterminate={chosen > 0 && chosen < items.length}
          onChange={() => select(new Set(chosen === items.length ? [] : items.map(({ id }) => id)))}
        />
        {chosen > 0 &&
          (['read', 'unread', view === 'archived' ? 'unarchive' : 'archive', 'keep'] as const).map((one) => (
            <Button
              key={one}
              variant="default"
              size="compact-sm"
              loading={marking === one}
              onClick={() => markSelected(one)}
            >
              {t.inbox.markAs[one]}
            </Button>
          ))}
      </Group>
      <InboxRows {...rows} />
    </>
  );
}
