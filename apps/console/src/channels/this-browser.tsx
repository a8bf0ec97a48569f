import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Part } from '../shared/part';
import { useTexts } from '../texts/use-texts';
import { addThisBrowser, canWebPush, WebPushError } from './web-push';

/** This browser as a channel, in one touch: what a person would have to type, it knows itself. */
export function ThisBrowser({ applicationServerKey }: { applicationServerKey: string }) {
  const { t } = useTexts();
  const added = useMutation({
    mutationFn: () => addThisBrowser(applicationServerKey),
    onSettled: () => readAnew('endpoints'),
  });
  const { error } = added;
  return (
    <Part title={t.channels.kinds.webpush}>
      <Text size="sm">{canWebPush() ? t.channels.thisBrowser.what : t.channels.thisBrowser.cannot}</Text>
      {canWebPush() && (
        <Group>
          <Button loading={added.isPending} onClick={() => added.mutate()}>
            {t.channels.thisBrowser.allow}
          </Button>
        </Group>
      )}
      {error instanceof WebPushError && (
        <Alert color="red" variant="outline" role="alert">
          {t.channels.thisBrowser.refusals[error.reason]}
        </Alert>
      )}
      {added.isError && !(error instanceof WebPushError) && <Failure error={error} />}
    </Part>
  );
}
