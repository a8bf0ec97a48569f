import { Anchor, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { ShownOnce } from '../developer/shown-once';
import { Press } from '../shared/press';
import { CodeForm } from './code-form';
import { useOpsTexts } from './use-ops-texts';

/** A second factor is set up: its secret to scan, its first code, then the recovery codes, which are shown this once. */
export function SetUpFactor({ isPending }: { isPending: boolean }) {
  const { o } = useOpsTexts();
  const words = o.secondFactor;
  const [made, setMade] = useState<Schemas['SecondFactorSecret']>();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>();
  if (recoveryCodes)
    return (
      <Stack gap="sm">
        <ShownOnce label={words.recovery} what={words.recoveryOnce} secret={recoveryCodes.join('\n')} />
        <div>
          <Press act={() => readAnew('totp')}>{words.kept}</Press>
        </div>
      </Stack>
    );
  return (
    <Stack gap="sm">
      <Text>{words.setUpWhat}</Text>
      {isPending && !made && <Text>{words.pending}</Text>}
      {made ? (
        <>
          <Text>{words.scan}</Text>
          <img className="qr" alt={words.qr} src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} />
          <Anchor href={made.uri}>{words.address}</Anchor>
          <ShownOnce label={words.secret} what={words.secretOnce} secret={made.secret} />
        </>
      ) : (
        <div>
          <Press
            variant={isPending ? 'default' : 'filled'}
            act={async () => setMade(await answered(api.POST('/v1/me/totp', {})))}
          >
            {words.begin}
          </Press>
        </div>
      )}
      {(made ?? isPending) && (
        <CodeForm
          label={words.code}
          button={words.confirm}
          act={(code) => answered(api.POST('/v1/me/totp/confirm', { body: { code } }))}
          then={({ recoveryCodes: codes }) => setRecoveryCodes(codes)}
        />
      )}
    </Stack>
  );
}
