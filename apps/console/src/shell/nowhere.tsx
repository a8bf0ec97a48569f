import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../shared/page';
import { useTexts } from '../texts/use-texts';

/** There is no such screen. */
export function Nowhere() {
  const { t } = useTexts();
  return (
    <Page title={t.nowhere.title}>
      <Text>
        <Link to="/">{t.nowhere.back}</Link>
      </Text>
    </Page>
  );
}
