import { Alert, Button, Text } from '@mantine/core';
import { useTexts } from '../texts/use-texts';

interface Shown {
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** What went wrong, from the problem document: what to do, which fields, and the request's id to quote. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTexts();
  const { title, detail, requestId, errors = [] } = (error ?? {}) as Shown;
  return (
    <Alert color="red" variant="outline" title={title ?? t.failure.title} role="alert">
      <Text>{detail ?? t.failure.detail}</Text>
      {errors.map(({ path, message }) => (
        <Text key={`${path} ${message}`} size="sm">
          {path}: {message}
        </Text>
      ))}
      {requestId && (
        <Text size="xs" mt="xs">
          {t.failure.quote} {requestId}
        </Text>
      )}
      {again && (
        <Button mt="sm" size="xs" variant="default" onClick={again}>
          {t.failure.again}
        </Button>
      )}
    </Alert>
  );
}
