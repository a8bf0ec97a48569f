import { Text } from '@mantine/core';
import { textParts, textsOfPush } from './text-parts';
import { useOpsTexts, wordFor } from './use-ops-texts';

/** All that a push says, field by field, as plain text: no link leads anywhere. What was found in it is marked. */
export function PushTexts({ content, found = [] }: { content: object; found?: readonly string[] }) {
  const { o } = useOpsTexts();
  return (
    <dl className="texts">
      {textsOfPush(content).map(([field, text]) => (
        <div key={field}>
          <Text component="dt" size="sm" c="dimmed">
            {wordFor(o.fields, field)}
          </Text>
          <dd className="words">
            {textParts(text, found).map((part, at) => (part.isMatch ? <mark key={at}>{part.text}</mark> : part.text))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
