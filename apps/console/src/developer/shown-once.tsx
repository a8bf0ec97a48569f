import { Button, CopyButton, Text } from '@mantine/core';
import { useTexts } from '../texts/use-texts';

/** A secret that is shown this once. */
export function ShownOnce({ label, what, secret }: { label: string; what: string; secret: string }) {
  const { t } = useTexts();
  return (
    <div role="status">
      <Text size="sm">{what}</Text>
      <pre className="line" tabIndex={0} aria-label={label}>
        {secret}
      </pre>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button variant="default" mt="xs" onClick={copy}>
            {copied ? t.copied : t.copy}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
