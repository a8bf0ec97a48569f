import { Skeleton } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useSession } from '../api/use-session';
import { LogIn } from '../log-in/log-in';
import { Page } from '../shared/page';
import { useTexts } from '../texts/use-texts';

/** The screens behind it are for somebody: whoever is not logged in does so in their place and is then where they wanted. */
export function LoggedIn() {
  const { t } = useTexts();
  const session = useSession();
  if (session.is === 'asking') return <Skeleton height={160} aria-busy="true" aria-label={t.loading} role="status" />;
  if (session.is === 'open') return <Outlet />;
  return (
    <Page title={t.logIn.title}>
      <LogIn />
    </Page>
  );
}
