import { Text } from '@mantine/core';
import type { Schemas } from '../api/client';
import { When } from '../shared/when';
import { useOpsTexts, wordFor } from './use-ops-texts';

/** What was said and done about a case, oldest first: by rules, by WeChat, by operators. */
export function CaseHistory({ history }: { history: readonly Schemas['CaseEntry'][] }) {
  const { t, o } = useOpsTexts();
  const { labels, rules, wechat } = o.held;
  return (
    <ol className="calls">
      {history.map(({ event, at, by, note, label, severity, wechat: answer, ruleVersion }, index) => (
        <li key={index}>
          <Text size="sm">
            {wordFor(o.events, event)} <When at={at} />
            {label !== undefined && ` · ${wordFor(labels, label)}`}
            {severity !== undefined && ` · ${t.standing.severities[severity]}`}
          </Text>
          {answer !== undefined && (
            <Text size="sm">
              {wechat.title}: {wordFor(wechat, answer)}
            </Text>
          )}
          {ruleVersion !== undefined && (
            <Text size="sm" className="words">
              {rules}: {ruleVersion}
            </Text>
          )}
          {by !== undefined && (
            <Text size="sm" className="words">
              {o.by} {by}
            </Text>
          )}
          {note !== undefined && <Text className="words">{note}</Text>}
        </li>
      ))}
    </ol>
  );
}
