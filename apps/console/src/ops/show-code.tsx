import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { answered, api } from '../api/client';
import { readAnew } from '../api/queries';
import { Page } from '../shared/page';
import { CodeForm } from './code-form';
import { SetUpFactor } from './set-up-factor';
import { useOpsTexts } from './use-ops-texts';

/** In the place of the operators' screens until this session has shown its second factor. */
export function ShowCode({ factor }: { factor: Schemas['SecondFactor'] }) {
  const { o } = useOpsTexts();
  // What a first code confirms stays in sight with its recovery codes until they are kept.
  const [isActive] = useState(factor.status === 'active');
  return (
    <Page title={isActive ? o.secondFactor.show : o.secondFactor.setUp}>
      <Text>{o.secondFactor.needed}</Text>
      {isActive ? (
        <Stack gap="sm">
          <CodeForm
            label={o.secondFactor.codeOrRecovery}
            button={o.secondFactor.enter}
            act={(code) => answered(api.POST('/v1/sessions/current/totp', { body: { code } }))}
            then={() => void readAnew('totp')}
          />
          <Text size="sm">{o.secondFactor.lost}</Text>
        </Stack>
      ) : (
        <SetUpFactor isPending={factor.status === 'pending'} />
      )}
    </Page>
  );
}
