import { Button, Group, NativeSelect, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { AppName } from '../shared/app-name';
import { byEscape } from '../shared/by-escape';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { usePathId } from '../shared/use-path-id';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { InboxRow } from './inbox-row';
import { markItem } from './mark-item';
import { Away, Markdown, Picture } from './markdown';
import { isPictureAddress } from './picture-address';
import { useFormat } from './use-format';
import { leaveFor } from './way-back';

type Item = Schemas['InboxItem'];
const mark = (id: string) => ({ params: { path: { inboxItemId: id } } });

/** Loaded with it, the page's own policy lets pictures from elsewhere in, and only then (apps/gateway/src/console). */
const wantsPictures = '?pictures=show';
const picturesWanted = () => location.search === wantsPictures;

/** One message: what it says, what can be done with it, and why it came. */
export function ItemPage() {
  const { t } = useTexts();
  const inboxItemId = usePathId();
  const item = useQuery({
    queryKey: ['item', inboxItemId],
    queryFn: () => answered(api.GET('/v1/inbox/{inboxItemId}', mark(inboxItemId))),
  });
  const isUnread = item.data !== undefined && item.data.readAt === undefined;
  const opened = useRef('');
  useEffect(() => leaveFor(inboxItemId), [inboxItemId]);
  useEffect(() => {
    // Opening it is reading it, once: it may be marked as unread afterwards.
    if (!isUnread || opened.current === inboxItemId) return;
    opened.current = inboxItemId;
    // A failure leaves it unread, which is all there is to say about it.
    markItem(inboxItemId, 'read').then(
      () => readAnew('inbox'),
      () => undefined,
    );
  }, [isUnread, inboxItemId]);
  return (
    <Page title={item.data?.title ?? t.item.title}>
      <Text size="sm">
        <Link to="/">{t.item.back}</Link>
      </Text>
      <Loaded of={item}>{(shown) => <Message item={shown} />}</Loaded>
    </Page>
  );
}

function Message({ item }: { item: Item }) {
  const { t } = useTexts();
  const changes = ['inbox', 'item'];
  const path = mark(item.id);
  return (
    <Stack>
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Group justify="space-between">
            <AppName app={item.app} />
            <Text size="sm" c="var(--mantine-color-dimmed)">
              <When at={item.receivedAt} />
            </Text>
          </Group>
          <Said item={item} />
          {item.url !== undefined && <Away href={item.url}>{item.url}</Away>}
          <Actions item={item} />
        </Stack>
      </Paper>
      <Group>
        {item.acknowledgedAt === undefined ? (
          <Press changes={changes} act={() => answered(api.POST('/v1/inbox/{inboxItemId}/acknowledge', path))}>
            {t.item.acknowledge}
          </Press>
        ) : (
          <Text size="sm">
            {t.item.acknowledged} <When at={item.acknowledgedAt} />
          </Text>
        )}
        <Press
          variant="default"
          changes={changes}
          act={() => markItem(item.id, item.archivedAt === undefined ? 'archive' : 'unarchive')}
        >
          {item.archivedAt === undefined ? t.item.archive : t.item.unarchive}
        </Press>
        <Press
          variant="default"
          changes={changes}
          act={() => markItem(item.id, item.keptAt === undefined ? 'keep' : 'unkeep')}
        >
          {item.keptAt === undefined ? t.item.keep : t.item.unkeep}
        </Press>
        <Press variant="default" changes={changes} act={() => markItem(item.id, 'unread')} then={() => history.back()}>
          {t.item.unread}
        </Press>
      </Group>
      {item.thread !== undefined && <Thread thread={item.thread} appId={item.app.id} />}
      <Why item={item} />
      {item.bindingId !== undefined && <Quieter bindingId={item.bindingId} />}
      {item.pushId !== undefined && <Complain inboxItemId={item.id} />}
    </Stack>
  );
}

/** What it says. Pictures lie with somebody else, who would learn that it was opened: they come when asked for. */
function Said({ item: { title, body, markdown, image } }: { item: Item }) {
  const { t } = useTexts();
  const showsPictures = picturesWanted();
  const format = useFormat(markdown);
  const isShown = image !== undefined && isPictureAddress(image);
  const canShow = isShown || (typeof format === 'object' && format.hasPictures);
  return (
    <>
      {markdown === undefined ? (
        <Text className="words">{body}</Text>
      ) : (
        <Markdown text={markdown} format={format} showsPictures={showsPictures} />
      )}
      {image !== undefined &&
        (isShown && showsPictures ? (
          <Picture src={image} alt={title ?? t.item.picture} />
        ) : (
          <Away href={image}>{t.item.picture}</Away>
        ))}
      {canShow && !showsPictures && (
        <Group gap="xs">
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => location.assign(`${location.pathname}${wantsPictures}`)}
          >
            {t.item.showPictures}
          </Button>
          <Text size="sm">{t.item.picturesWhat}</Text>
        </Group>
      )}
    </>
  );
}

/** All messages of the thread, with where it stands. */
function Thread({ thread, appId }: { thread: string; appId: string }) {
  const { t } = useTexts();
  const items = useQuery({
    queryKey: ['inbox', 'thread', appId, thread],
    queryFn: () => answered(api.GET('/v1/inbox', { params: { query: { thread, appId, limit: 50 } } })),
  });
  if (!items.data || items.data.items.length < 2) return null;
  return (
    <section aria-labelledby="thread">
      <Title order={2} size="h5" id="thread" mb="xs">
        {t.item.earlier}
      </Title>
      <Stack gap="xs" component="ul" p={0} m={0}>
        {items.data.items.map((one) => (
          <InboxRow key={one.id} item={one} />
        ))}
      </Stack>
    </section>
  );
}

function Actions({ item }: { item: Item }) {
  const { t } = useTexts();
  const { actions = [], actionsTaken = [] } = item;
  const pressed = useMutation({
    mutationFn: (actionId: string) =>
      answered(
        api.POST('/v1/inbox/{inboxItemId}/actions/{actionId}', {
          params: { path: { inboxItemId: item.id, actionId } },
        }),
      ),
    onSuccess: () => readAnew('item', 'inbox'),
  });
  if (actions.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group>
        {actions.map(({ id, label, url }) => {
          const isTaken = actionsTaken.includes(id);
          const name = isTaken ? t.item.taken(label) : label;
          const press = () => !isTaken && pressed.mutate(id);
          return url === undefined ? (
            <Button key={id} variant="light" disabled={isTaken} onClick={press}>
              {name}
            </Button>
          ) : (
            <Button
              key={id}
              component="a"
              variant="light"
              href={url}
              target="_blank"
              rel="noopener noreferrer"
              onClick={press}
            >
              {name}
            </Button>
          );
        })}
      </Group>
      {pressed.isError && <Failure error={pressed.error} />}
    </Stack>
  );
}

function Why({ item }: { item: Item }) {
  const { t } = useTexts();
  const { level, reason, until, channels = [] } = item.why;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="why">
      <Title order={2} size="h5" id="why">
        {t.why.title}
      </Title>
      <Text size="sm">{item.bindingId === undefined ? t.why.notice : t.why.consent(item.app.name)}</Text>
      {level !== undefined && <Text size="sm">{t.why.level(t.levels[level])}</Text>}
      <Text size="sm">{t.why.reasons[reason as keyof typeof t.why.reasons] ?? t.why.other(reason)}</Text>
      {until !== undefined && (
        <Text size="sm">
          {t.why.until} <When at={until} />
        </Text>
      )}
      {channels.map(({ endpointId, channel, outcome }) => (
        <Text size="sm" key={endpointId}>
          {t.why.channel[outcome](t.channels.kinds[channel as keyof typeof t.channels.kinds] ?? channel)}
        </Text>
      ))}
      {item.bindingId !== undefined && (
        <Text size="sm">
          <Link to="/apps">{t.why.change}</Link>
        </Text>
      )}
    </Paper>
  );
}

function Quieter({ bindingId }: { bindingId: string }) {
  const { t } = useTexts();
  const binding = useQuery({
    queryKey: ['bindings', bindingId],
    queryFn: () => answered(api.GET('/v1/bindings/{bindingId}', { params: { path: { bindingId } } })),
  });
  if (binding.data?.status !== 'active') return null;
  const { muted } = binding.data;
  return (
    <div>
      <Press
        variant="default"
        changes={['bindings']}
        act={() =>
          answered(api.PATCH('/v1/bindings/{bindingId}', { params: { path: { bindingId } }, body: { muted: !muted } }))
        }
      >
        {muted ? t.apps.unmute : t.item.mute}
      </Press>
    </div>
  );
}

const reasons = ['spam', 'fraud', 'abuse', 'illegal', 'other'] as const;

function Complain({ inboxItemId }: { inboxItemId: string }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<(typeof reasons)[number]>('spam');
  const [note, setNote] = useState('');
  const sent = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/complaints', { body: { inboxItemId, reason, ...(note.trim() !== '' && { note: note.trim() }) } }),
      ),
    onSuccess: () => readAnew('complaints'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    sent.mutate();
  };
  if (sent.isSuccess)
    return (
      <Text role="status">
        {t.complain.sent} <Link to="/complaints">{t.places['/complaints']}</Link>
      </Text>
    );
  if (!open)
    return (
      <div>
        <Button variant="subtle" color="red" onClick={() => setOpen(true)}>
          {t.complain.open}
        </Button>
      </div>
    );
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit} onKeyDown={byEscape(() => setOpen(false))}>
      <Stack gap="sm">
        <NativeSelect
          label={t.complain.reason}
          value={reason}
          data={reasons.map((value) => ({ value, label: t.complain.reasons[value] }))}
          onChange={(event) => setReason(event.currentTarget.value as typeof reason)}
        />
        <Textarea
          label={t.complain.note}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Text size="sm">{t.complain.what}</Text>
        <Group>
          <Button type="submit" color="red" loading={sent.isPending}>
            {t.complain.send}
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            {t.cancel}
          </Button>
        </Group>
        {sent.isError && <Failure error={sent.error} />}
      </Stack>
    </Paper>
  );
}
