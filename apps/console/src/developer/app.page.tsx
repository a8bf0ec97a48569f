import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api } from '../api/client';
import { AppName } from '../shared/app-name';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Part } from '../shared/part';
import { usePathId } from '../shared/use-path-id';
import { useTexts } from '../texts/use-texts';
import { AppAddresses } from './app-addresses';
import { AppEnd } from './app-end';
import { Callbacks } from './callbacks';
import { Preview } from './preview';
import { PushChart } from './push-chart';
import { Pushes } from './pushes';
import { StandingHistory } from './standing-history';
import { WithAppSecret } from './with-app-secret';

/** One app as its developer sees it: what became of its pushes, where it is called, how it stands. */
export function AppPage() {
  const { t } = useTexts();
  const appId = usePathId();
  const app = useQuery({
    queryKey: ['apps', appId],
    queryFn: () => answered(api.GET('/v1/apps/{appId}', { params: { path: { appId } } })),
  });
  return (
    <Page title={app.data?.name ?? t.app.title}>
      <Text size="sm">
        <Link to="/developer">{t.app.back}</Link>
      </Text>
      <Loaded of={app}>
        {(shown) => (
          <>
            <div>
              <AppName app={shown} />
              <Text size="sm" className="words">
                {t.app.id} {shown.id}
              </Text>
            </div>
            <Part title={t.pushes.title}>
              <WithAppSecret appId={appId}>
                {(secret) => (
                  <>
                    <PushChart appId={appId} secret={secret} />
                    <Pushes appId={appId} secret={secret} />
                    <Preview appId={appId} secret={secret} />
                  </>
                )}
              </WithAppSecret>
            </Part>
            <Part title={t.app.addresses}>
              <AppAddresses app={shown} />
              <Callbacks app={shown} />
            </Part>
            <Part title={t.standing.title}>
              <StandingHistory appId={appId} isOwners />
            </Part>
            <Part title={t.app.secret}>
              <AppEnd app={shown} />
            </Part>
          </>
        )}
      </Loaded>
    </Page>
  );
}
