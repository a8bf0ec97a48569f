import { Skeleton } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { logIn } from '../api/session';
import { Failure } from '../shared/failure';
import { Page } from '../shared/page';
import { sandboxUrl } from '../shell/sandbox-url';
import { useTexts } from '../texts/use-texts';
import { InSandbox } from './in-sandbox';
import { takePlace } from './kept-place';

/** Where the sandbox sends somebody back with a code of `wx.login`. Without one, a choice of whom to become. */
export function SandboxLogInPage() {
  const { t } = useTexts();
  const { history: places } = useRouter();
  const [code] = useState(() => new URLSearchParams(location.hash.slice(1)).get('code'));
  const [failed, setFailed] = useState<unknown>();
  const isSandbox = sandboxUrl() !== undefined;
  useEffect(() => {
    if (code === null || !isSandbox) return;
    history.replaceState(null, '', location.pathname);
    once(code).then(() => places.replace(takePlace()), setFailed);
  }, [code, isSandbox, places]);
  if (!isSandbox) return <Page title={t.logIn.title}>{t.logIn.noSandbox}</Page>;
  return (
    <Page title={t.logIn.title}>
      {failed !== undefined && <Failure error={failed} />}
      {code !== null && failed === undefined ? (
        <Skeleton height={80} aria-busy="true" aria-label={t.loading} role="status" />
      ) : (
        <InSandbox />
      )}
    </Page>
  );
}

const spent = new Map<string, Promise<void>>();
/** A code is good once, however often the page is drawn. */
function once(code: string): Promise<void> {
  const known = spent.get(code) ?? logIn({ provider: 'wechat', code });
  spent.set(code, known);
  return known;
}
