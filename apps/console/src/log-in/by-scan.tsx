import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answered, api, type Problem } from '../api/client';
import { logIn } from '../api/session';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { useTexts } from '../texts/use-texts';

/** Log-in by scanning with a phone that is logged in (RFC 8628). The code is asked for when it is wanted. */
export function ByScan() {
  const { t } = useTexts();
  const [wanted, setWanted] = useState(false);
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t.logIn.byScan}
      </Title>
      <Text size="sm">{t.logIn.scanHow}</Text>
      {wanted ? (
        <Code />
      ) : (
        <div>
          <Button variant="default" onClick={() => setWanted(true)}>
            {t.logIn.showCode}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Code() {
  const { t } = useTexts();
  const [failed, setFailed] = useState<Problem>();
  const opened = useQuery({
    queryKey: ['device-authorization'],
    queryFn: () => answered(api.POST('/v1/device-authorizations', {})),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const { deviceCode, interval } = opened.data ?? {};
  useEffect(() => {
    if (deviceCode === undefined || interval === undefined) return;
    let waitMs = interval * 1_000;
    const ask = async () => {
      try {
        await logIn({ provider: 'device', deviceCode });
      } catch (error) {
        const { code } = error as Partial<Problem>;
        // RFC 8628 section 3.5: asked again at the interval, five seconds later each time one was told to slow down.
        if (code === 'session.slow-down') waitMs += 5_000;
        else if (code !== 'session.authorization-pending') return setFailed(error as Problem);
        timer = setTimeout(() => void ask(), waitMs);
      }
    };
    let timer = setTimeout(() => void ask(), waitMs);
    return () => clearTimeout(timer);
  }, [deviceCode, interval]);
  if (failed) {
    const again = () => {
      setFailed(undefined);
      void opened.refetch();
    };
    return <Failure error={failed} again={again} />;
  }
  return (
    <Loaded of={opened}>
      {({ qr, userCode, verificationUri }) => (
        <Stack gap="xs">
          <img className="qr" alt={t.logIn.qr} src={`data:image/svg+xml,${encodeURIComponent(qr)}`} />
          <Text>{t.logIn.orType(verificationUri)}</Text>
          <Text fw={700} size="xl" data-user-code>
            {userCode}
          </Text>
        </Stack>
      )}
    </Loaded>
  );
}
