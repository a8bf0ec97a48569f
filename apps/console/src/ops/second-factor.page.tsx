import { Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/client';
import { readAnew } from '../api/queries';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { CodeForm } from './code-form';
import { notByItself } from './not-by-itself';
import { SetUpFactor } from './set-up-factor';
import { useOpsTexts } from './use-ops-texts';

/** 两步验证: what one has of it, how long it counts here, and how one changes it. */
export function SecondFactorPage() {
  const { o } = useOpsTexts();
  const words = o.secondFactor;
  const factor = useQuery({ queryKey: ['totp'], queryFn: () => answered(api.GET('/v1/me/totp')), ...notByItself });
  const [setUps, setSetUps] = useState(0);
  return (
    <Page title={o.places['/ops/second-factor']}>
      <Loaded of={factor}>
        {({ status, required, recoveryCodesLeft, steppedUpUntil }) => (
          <Stack gap="sm">
            {!required && <Text>{words.notNeeded}</Text>}
            {status === 'active' ? (
              <Paper withBorder p="md">
                <Stack gap="sm">
                  <Text>
                    {words.active}{' '}
                    {steppedUpUntil !== undefined && (
                      <>
                        {words.until} <When at={steppedUpUntil} />
                      </>
                    )}
                  </Text>
                  <Text>{words.left(recoveryCodesLeft)}</Text>
                  <Text size="sm">{words.removeWhat}</Text>
                  <CodeForm
                    label={words.codeOrRecovery}
                    button={words.remove}
                    act={(code) => answered(api.POST('/v1/me/totp/remove', { body: { code } }))}
                    then={() => {
                      setSetUps(setUps + 1);
                      void readAnew('totp');
                    }}
                  />
                </Stack>
              </Paper>
            ) : (
              <SetUpFactor key={setUps} isPending={status === 'pending'} />
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
