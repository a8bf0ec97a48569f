import { Divider, Stack } from '@mantine/core';
import { sandboxUrl } from '../shell/sandbox-url';
import { ByMail } from './by-mail';
import { ByScan } from './by-scan';
import { InSandbox } from './in-sandbox';

/** Every way to log in on a browser. */
export function LogIn() {
  return (
    <Stack gap="lg" maw={480}>
      {sandboxUrl() !== undefined && (
        <>
          <InSandbox />
          <Divider />
        </>
      )}
      <ByMail />
      <Divider />
      <ByScan />
    </Stack>
  );
}
