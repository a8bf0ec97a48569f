import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { useTexts } from '../texts/use-texts';
import { Data } from './data';
import { Digest } from './digest';
import { Me } from './me';
import { QuietHours } from './quiet-hours';
import { Sessions } from './sessions';

/** Who one is, when it is to be quiet, how often it rings, where one is logged in, and one's data. */
export function SettingsPage() {
  const { t } = useTexts();
  const me = useQuery({ queryKey: ['me'], queryFn: () => answered(api.GET('/v1/me')) });
  return (
    <Page title={t.places['/settings']}>
      <Stack gap="lg">
        <Loaded of={me}>
          {(shown) => (
            <>
              <Me me={shown} />
              <QuietHours me={shown} />
              <Digest me={shown} />
            </>
          )}
        </Loaded>
        <Sessions />
        <Data />
      </Stack>
    </Page>
  );
}
