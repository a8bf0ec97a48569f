import { Button } from '@mantine/core';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queries } from '../api/queries';
import { logOut } from '../api/session';
import { useSession } from '../api/use-session';
import { chooseLanguage } from '../texts/language';
import { useTexts } from '../texts/use-texts';
import manifest from './hark.webmanifest?url';
import { focusHeading } from './kept-focus';
import { useNarrow } from './use-narrow';

const paths = ['/', '/apps', '/channels', '/developer', '/complaints', '/settings'] as const;
const pathsOfOperators = [...paths, '/ops'] as const;

/** What is around every screen: where one can go, the language, and the way out. */
export function Frame() {
  const { t, language } = useTexts();
  const session = useSession();
  const router = useRouter();
  const user = session.is === 'open' ? session.user : undefined;
  const userId = user?.id;
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation && pathChanged) focusHeading();
      }),
    [router],
  );
  // What one person read is not shown to the next.
  useEffect(() => (userId === undefined ? undefined : () => queries.clear()), [userId]);
  // In the order in which they are seen, which is the order of Tab.
  const isNarrow = useNarrow();
  const places = (
    <nav className="places" aria-label={t.places.label}>
      {userId !== undefined &&
        (user?.roles.some((role) => role !== 'user') ? pathsOfOperators : paths).map((to) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
            {t.places[to]}
          </Link>
        ))}
    </nav>
  );
  return (
    <div className="frame">
      {/* On a home screen of Apple's it can show notifications then. Nobody needs it before they are somebody. */}
      {userId !== undefined && <link rel="manifest" href={manifest} />}
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          Hark
        </Link>
        {!isNarrow && places}
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => void chooseLanguage(language === 'en' ? 'zh-CN' : 'en')}
        >
          {language === 'en' ? '中文' : 'English'}
        </Button>
        {userId !== undefined && (
          <Button variant="default" size="compact-sm" onClick={() => void logOut()}>
            {t.logOut}
          </Button>
        )}
        {isNarrow && places}
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
