import { Badge, Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Schemas } from '../api/client';
import { AppName } from '../shared/app-name';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import type { InboxItem, Mark } from './inbox-pages';
import { Steps } from './steps';
import { useSwipe } from './use-swipe';

interface InboxRowProps {
  readonly item: InboxItem;
  /** In a list of which only a part is there. */
  readonly place?: {
    readonly index: number;
    readonly count: number;
    readonly top: number;
    readonly measure: (row: HTMLElement | null) => void;
  };
  readonly isSelected?: boolean;
  readonly toggle?: (id: string) => void;
  readonly mark?: (id: string, mark: Mark) => void;
}

/**
 * A message, or the newest of a thread, in the list, mostly of plain elements: some rows are made for each frame of a scroll, and
 * a component of Mantine's takes several times as long. It is not drawn again while only its neighbours change.
 */
export const InboxRow = memo(
  Row,
  (before, after) =>
    before.item === after.item &&
    before.isSelected === after.isSelected &&
    before.place?.top === after.place?.top &&
    before.place?.index === after.place?.index &&
    before.place?.count === after.place?.count,
);

function Row({ item, place, isSelected = false, toggle, mark }: InboxRowProps) {
  const { t } = useTexts();
  const { threadState } = item;
  const isUnread = threadState ? threadState.unread > 0 : item.readAt === undefined;
  const swipe = useSwipe(
    () => mark?.(item.id, item.archivedAt === undefined ? 'archive' : 'unarchive'),
    () => mark?.(item.id, isUnread ? 'read' : 'unread'),
  );
  return (
    <li
      className={isUnread ? 'item unread' : 'item'}
      {...(mark && swipe)}
      {...(place && {
        ref: place.measure,
        'data-index': place.index,
        'aria-posinset': place.index + 1,
        'aria-setsize': place.count,
        style: { top: place.top },
      })}
    >
      {toggle && (
        <Checkbox
          className="select"
          size="md"
          aria-label={t.inbox.select(item.title ?? item.body.slice(0, 40))}
          checked={isSelected}
          onChange={() => toggle(item.id)}
        />
      )}
      <Link className="row" to="/inbox/$inboxItemId" params={{ inboxItemId: item.id }} data-inbox-item={item.id}>
        <div className="between">
          <AppName app={item.app} />
          <div className="text small dimmed at">
            <When at={item.receivedAt} />
          </div>
        </div>
        <div className="in-line">
          {isUnread && (
            <Badge size="sm" variant="filled" component="span">
              {t.inbox.unread}
            </Badge>
          )}
          {item.keptAt !== undefined && (
            <Badge size="sm" variant="outline" component="span">
              {t.inbox.kept}
            </Badge>
          )}
          {item.title !== undefined && <span className="text words title">{item.title}</span>}
          {threadState && threadState.messages > 1 && (
            <span className="text small dimmed">{t.inbox.thread(threadState.messages)}</span>
          )}
        </div>
        <div className="text small words two-lines">{item.summary ?? item.body}</div>
        {threadState?.step && <Steps step={threadState.step} labels={labelsOf(threadState)} />}
      </Link>
    </li>
  );
}

const labelsOf = ({ steps = [] }: NonNullable<Schemas['InboxItem']['threadState']>): ReadonlyMap<number, string> =>
  new Map(steps.flatMap(({ index, label }) => (label === undefined ? [] : [[index, label] as const])));
