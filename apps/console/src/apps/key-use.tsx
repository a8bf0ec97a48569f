import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { useTexts } from '../texts/use-texts';

/** The day on which an app last used the key that this consent gave it. */
export function KeyUse({ bindingId }: { bindingId: string }) {
  const { t } = useTexts();
  const binding = useQuery({
    queryKey: ['bindings', bindingId],
    queryFn: () => answered(api.GET('/v1/bindings/{bindingId}', { params: { path: { bindingId } } })),
  });
  return (
    <Loaded of={binding}>
      {({ keyLastUsedOn }) => (
        <Text size="sm">{keyLastUsedOn === undefined ? t.apps.keyNeverUsed : t.apps.keyLastUsedOn(keyLastUsedOn)}</Text>
      )}
    </Loaded>
  );
}
