import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { sandboxUrl } from '../shell/sandbox-url';
import { useTexts } from '../texts/use-texts';
import { keepPlace } from './kept-place';

/** Sandbox people by their openid; whoever is named exists. `o-me` has the phone that `hark up` made. */
const people = ['o-me', 'o-alice', 'o-bob'] as const;

/** In the sandbox anybody may be anybody: the sandbox, in WeChat's place, says who it is. */
export function InSandbox() {
  const { t } = useTexts();
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t.logIn.inSandbox}
      </Title>
      <Text size="sm">{t.logIn.sandboxHow}</Text>
      <Group>
        {people.map((openid) => (
          <Button
            key={openid}
            component="a"
            variant={openid === 'o-me' ? 'filled' : 'default'}
            href={`${sandboxUrl()}/log-in?openid=${openid}`}
            onClick={keepPlace}
          >
            {t.logIn.people[openid]}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
